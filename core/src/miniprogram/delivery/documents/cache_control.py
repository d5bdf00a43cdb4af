"""The `Cache-Control` that stored objects carry."""

from __future__ import annotations

IMMUTABLE = "public, max-age=31536000, immutable"
"""Files of a version: whoever has them once never asks again."""
POINTER = "no-cache, no-store, must-revalidate"
"""Documents that change: asked for every time."""
