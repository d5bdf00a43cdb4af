"""`python -m miniprogram`."""

import os
import sys

# Python puts the current folder in front: a checked-out repository could bring modules and plugins of its own.
try:
    here = os.getcwd()  # noqa: PTH109 - pathlib is slow
except FileNotFoundError:  # somebody removed it, and `main` says so
    here = ""
if not sys.flags.safe_path and sys.path and sys.path[0] in ("", here):
    del sys.path[0]

from miniprogram.entry import main

main()
