"""Where the files of a release go at each kind of target, as pure functions."""
