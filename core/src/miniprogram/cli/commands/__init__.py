"""The commands of the core: one module per command group, imported when a command runs."""
