"""Give a reader whatever gets it further, by coverage: python fuzz_readers.py READER SECONDS FOLDER.

The folder takes the files that reached new code. It ends with an error over anything but a ValueError or a result in
bounded memory and time, and leaves what did it in the folder as crash-…, oom-… or timeout-….
"""

import sys
from contextlib import suppress
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["digitnet"]):
    from readers import READERS


def main() -> None:
    """Read the command line."""
    name, seconds, folder = sys.argv[1:]
    read, good = READERS[name]

    def answer(raw: bytes) -> None:
        with suppress(ValueError):
            read(raw)

    Path(folder, "good").write_bytes(good)
    limits = [f"-max_total_time={seconds}", "-timeout=5", "-rss_limit_mb=700", "-max_len=10000", "-verbosity=0"]
    atheris.Setup([sys.argv[0], *limits, f"-artifact_prefix={folder}/", folder], answer)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
