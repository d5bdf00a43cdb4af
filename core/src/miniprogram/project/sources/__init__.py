"""Screen sources the core brings: JSON, YAML, Python, and Dart through its toolchain."""
