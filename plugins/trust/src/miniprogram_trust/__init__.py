"""Sign mini-programs, and verify what was signed."""
