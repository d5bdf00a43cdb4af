"""The delivery engine in a function of any cloud: how it is set up, how it answers, what it logs."""
