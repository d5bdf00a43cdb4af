"""One step of a release: the transition table, the guards of its rows, and what a transition changes. Pure."""
