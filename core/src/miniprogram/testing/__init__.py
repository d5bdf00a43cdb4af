"""Contract tests and fakes for plugin authors. Needs pytest."""
