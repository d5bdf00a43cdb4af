"""Who would get which version if releases were otherwise."""
