"""Publish mini-programs to a GitHub Pages branch with git."""
