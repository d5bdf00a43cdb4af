"""Notices: what happened that somebody wants to be told of, and how far the telling has come."""
