"""Which published version of the delivery function answers hosts, and how it does."""
