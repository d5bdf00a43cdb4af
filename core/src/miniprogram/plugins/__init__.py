"""The plugin boundary: what a plugin may add, and how installed plugins are found, checked and asked."""
