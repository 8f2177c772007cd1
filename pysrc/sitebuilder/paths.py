"""Where things lie in a clone of the project."""

from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
CACHE = ROOT / ".cache"
SITE = ROOT / "site"
BUILDER = Path(__file__).resolve().parent  # what a folder is made by decides whether it is made anew
