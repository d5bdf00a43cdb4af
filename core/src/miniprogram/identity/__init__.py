"""Who may do what: roles, members, tokens and host apps of an environment, and the actor of a command."""
