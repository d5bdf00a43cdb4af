"""The operations of the administration API: one module per resource."""
