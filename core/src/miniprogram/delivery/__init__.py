"""Which version does this host get, and why: the delivery engine.

Standard library only, and nothing of ours: its files travel inside cloud function archives. Three rooms, each of
which imports from those after it only: `http` (requests and responses), `documents` (what is stored),
`evaluation` (decisions, pure). Start reading at `http.service`.
"""
