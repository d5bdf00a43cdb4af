"""Create, validate, publish and deliver mini-programs."""
