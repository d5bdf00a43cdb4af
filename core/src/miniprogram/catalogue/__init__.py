"""The mini-programs of an environment: list, inspect, roll back, disable, delete."""
