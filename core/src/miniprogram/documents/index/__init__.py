"""The index of an environment's mini-programs: what lists and discovery need of each, in one document."""
