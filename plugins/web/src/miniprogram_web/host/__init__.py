"""Web pages as host apps: what `embed init`, `host endpoint` and `host run` make of them."""
