"""The command line without any command: the tree of commands, parsing, options, output, completion."""
