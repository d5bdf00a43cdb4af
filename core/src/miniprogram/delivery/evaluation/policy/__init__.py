"""Release policies: their compiled model, the reader of the JSON form, and who gets which release."""
