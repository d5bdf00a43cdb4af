"""Packages that only chosen host apps can open: their form, their keys, and how they are closed and opened."""
