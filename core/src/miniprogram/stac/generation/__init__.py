"""Makes the constructors in `stac/nodes` from the catalogue. Run by `python -m miniprogram.stac.generate`."""
