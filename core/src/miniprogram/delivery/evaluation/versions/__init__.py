"""Versions: how they compare, what their manifest says, and how people are told of them."""
