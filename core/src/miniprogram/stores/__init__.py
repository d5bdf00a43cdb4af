"""Object stores: the protocol every cloud is reduced to, and the two that need no account."""
