"""A publisher backend in a cloud: deployed, seeded, checked, its records moved, and taken down."""
