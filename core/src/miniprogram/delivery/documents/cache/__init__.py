"""Documents in memory: parsed at most once, checked for change, and kept on disk for a restart."""
