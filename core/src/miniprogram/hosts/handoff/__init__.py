"""A mini-program handed to a host team: the partner package, how long it is good, a deployed backend."""
