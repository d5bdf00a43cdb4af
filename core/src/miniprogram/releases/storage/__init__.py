"""How release documents are kept in an environment's store, with the delivery policy compiled from them."""
