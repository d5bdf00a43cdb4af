"""What the starter is made of; `record_names` is also the command line's."""
