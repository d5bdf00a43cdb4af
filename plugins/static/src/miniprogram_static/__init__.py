"""Publish mini-programs into a folder for any web server."""
