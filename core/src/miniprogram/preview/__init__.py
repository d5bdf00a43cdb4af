"""Show a mini-program on a device while it is being written: build, serve, watch, run a host app."""
