"""A new plugin as a project: rendered from templates, one set for each kind of thing it may add."""
