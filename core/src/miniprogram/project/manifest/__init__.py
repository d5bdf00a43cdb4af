"""`manifest.json` as authors write it: read, checked, and its version changed in place."""
