"""The runtime as a folder that a page serves, a bundler reads and `npm pack` packs."""
