"""A new mini-program: what is known about it, its files from templates, and how they come onto a disk."""
