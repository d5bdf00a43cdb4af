"""Pictures of screens: a browser of this machine draws them, driven over its own protocol for tools."""
