"""The administration of releases over HTTP: one table of operations, served and described."""
