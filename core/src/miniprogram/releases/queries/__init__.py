"""What can be asked about releases, and the documents that answer."""
