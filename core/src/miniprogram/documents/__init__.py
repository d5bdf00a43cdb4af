"""Documents in a store that change: conditional writes, audited documents, and their chains of events."""
