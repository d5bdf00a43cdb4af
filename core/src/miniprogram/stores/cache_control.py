"""The two kinds of objects there are, as `Cache-Control` tells them apart."""

from __future__ import annotations

IMMUTABLE = "public, max-age=31536000, immutable"
"""Files of a version: whoever has them once never asks again."""
POINTER = "no-cache, no-store, must-revalidate"
"""Documents that say which version is served: asked for every time."""
