"""A mini-program on disk: locate, scaffold, build, validate."""
