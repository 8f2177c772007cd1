"""What a reader takes at most."""

MAX_IMAGES = 250_000  # 196 MB: what a browser's tab can hold beside everything else
