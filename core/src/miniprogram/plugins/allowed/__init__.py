"""What of it may be used: pins, the lock, and the hook API a plugin was written for."""
