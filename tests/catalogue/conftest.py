from __future__ import annotations

from testbed.environment_session import make_session, noon, publish, session, store

__all__ = ["make_session", "noon", "publish", "session", "store"]
