"""Mini-programs on Google Cloud: Cloud Storage as a store, and a delivery server of yours before it."""
