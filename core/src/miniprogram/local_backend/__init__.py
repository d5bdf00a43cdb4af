"""The local delivery backend: its workspace, its process, what was published into it."""
