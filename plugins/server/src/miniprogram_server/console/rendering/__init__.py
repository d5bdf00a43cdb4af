"""Pages from templates, and the files that browsers load beside them."""
