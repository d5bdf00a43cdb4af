"""What is written down in a release document and can never happen."""
