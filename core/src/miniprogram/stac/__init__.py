"""Stac screens: the node catalogue, the checker, and the typed authoring DSL.

Screens write `from miniprogram.stac import actions, ui, values` and `from miniprogram.stac.screens import screen`.
Importing this package loads nothing else.
"""
