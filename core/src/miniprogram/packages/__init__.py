"""An immutable built version of a mini-program: files with sha256 and size, canonical bytes, one digest."""
