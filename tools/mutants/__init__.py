"""Mutation testing: change one thing in a module, and see whether the tests that should notice do.

A runner of our own, because it must know which tests should notice (`targets.toml`) and run only those. Those that
exist mutate copies of the whole tree and choose tests by coverage (mutmut), or run one command for every mutant in
a fresh interpreter (cosmic-ray). Here a mutant is compiled from the changed syntax tree inside a forked process
that has the libraries imported already: hundreds of them take minutes, and no file is ever touched.
"""
