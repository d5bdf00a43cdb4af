"""`python -m miniprogram`."""

from miniprogram.entry import main

main()
