"""Signed statements about a version: how they are written, signed, read again and believed."""
