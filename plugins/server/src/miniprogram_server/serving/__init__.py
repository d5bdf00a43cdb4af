"""Serving an application on sockets: what a client may take, when it ends, and how many processes answer."""
