"""Access keys: who may load a protected mini-program."""
