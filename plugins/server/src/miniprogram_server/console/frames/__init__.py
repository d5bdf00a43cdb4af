"""Frames of the console in which screens are drawn: a document, a policy and a script of their own."""
