"""Which version does this host get, and why: the delivery engine.

Standard library only, and nothing of ours: its files travel inside cloud function archives. Start reading at
`service`, which turns a `http.Request` into a `http.Response`.
"""
