"""Publisher backends: a mini-program's own business API, scaffolded, run and managed."""
