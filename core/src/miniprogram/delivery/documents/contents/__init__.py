"""What stored documents say, read strictly: one module per kind."""
