"""The parts of the build. build.py is their table of contents; nothing of this is in digitnet's wheel."""
