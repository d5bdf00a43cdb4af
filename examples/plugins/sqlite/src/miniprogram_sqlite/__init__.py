"""A cloud provider over one file of SQLite, as an example."""
