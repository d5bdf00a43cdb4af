"""The publisher backend: its starter, its stack and its records."""
