"""Bring a bundle to a place hosts load from."""
