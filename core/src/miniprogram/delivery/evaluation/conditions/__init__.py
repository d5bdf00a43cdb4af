"""Audiences: boolean trees over the attributes of an evaluation context."""
