"""Environments and what is done with them, written once over the provider seam."""
