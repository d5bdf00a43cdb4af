"""Saved state: one module per state file of the contract."""
