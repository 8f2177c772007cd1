"""What only a browser needs. The package itself imports nothing of it."""
