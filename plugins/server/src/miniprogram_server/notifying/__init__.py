"""Sending notices: a thread beside the server that finds what happened and tells whoever subscribed."""
