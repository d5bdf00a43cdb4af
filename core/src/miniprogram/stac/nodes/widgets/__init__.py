"""The widgets, a module for each category of the catalogue; `platform` and `raw` are by hand."""
