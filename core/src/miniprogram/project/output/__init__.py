"""Where a build writes, and how its output is replaced in one step."""
