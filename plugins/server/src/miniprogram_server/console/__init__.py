"""The release console: pages over the same use cases as the API and the command line."""
