"""Tell when the sources of a mini-program change, whatever the system tells of it."""
