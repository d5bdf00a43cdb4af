"""A version on its way to another environment without a network, as one file with all that speaks for it."""
