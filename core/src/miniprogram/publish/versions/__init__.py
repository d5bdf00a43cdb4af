"""The versions a target holds: listing them, going back to one, and what changes from one to the next."""
