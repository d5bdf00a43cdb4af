"""Mini-programs on Google Cloud: Cloud Storage as a store, and delivery on Cloud Run or by a server of yours."""
