"""Where documents lie in a layout, and how its pointers lead to a version."""
