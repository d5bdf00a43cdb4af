"""What this distribution adds."""

from __future__ import annotations

MINIPROGRAM_HOOK_API = ">=1.0.0 <2.0.0"
