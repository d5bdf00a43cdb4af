"""Property values with parts, a module for each category of the catalogue; `spellings` is by hand."""
