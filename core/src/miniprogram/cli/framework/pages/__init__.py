"""Text laid out for whoever reads it: lines that fit, and the help of a command."""
