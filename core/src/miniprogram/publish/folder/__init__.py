"""Publishing into a folder: what any web server can serve, or another tool deploys."""
