"""What plugins implement: protocols and their value types. The public surface of the core begins here."""
