"""What is installed: the entry points, whose distributions they are, and where those came from."""
