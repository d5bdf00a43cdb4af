"""The commands below `trust`: parse, call, render."""
