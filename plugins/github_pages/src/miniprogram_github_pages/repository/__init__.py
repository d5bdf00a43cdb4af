"""git: a clone, its objects, its branches and remotes, read and written without a work tree."""
