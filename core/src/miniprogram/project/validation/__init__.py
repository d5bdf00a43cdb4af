"""Validation of a mini-program and of what a local backend serves of it, rule by rule."""
