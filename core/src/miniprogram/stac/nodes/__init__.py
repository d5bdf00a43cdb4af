"""The constructors behind `ui`, `actions` and `values`: mostly generated, some by hand."""
