"""Lists that people look at: what their addresses ask, and a page of the answer."""
