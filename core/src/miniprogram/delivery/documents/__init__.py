"""Stored documents of the engine: where they lie, how they are read, cached, parsed and guarded."""
