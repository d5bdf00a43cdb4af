"""The values of the release domain: a release, its configuration, and the document of a mini-program."""
