"""The actions: Stac's own from the catalogue; `platform` and `raw` are by hand."""
