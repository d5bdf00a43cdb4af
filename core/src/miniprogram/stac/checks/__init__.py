"""The parts of the checker: one module per kind of rule. `miniprogram.stac.checker` is the way in."""
