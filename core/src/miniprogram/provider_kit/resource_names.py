"""Names of things on a cloud, made of names that people gave."""

from __future__ import annotations

import re


def slug(text: str) -> str:
    """`text` as part of a resource's name: lower case, other characters as single hyphens, never empty."""
    return re.sub(r"-+", "-", re.sub(r"[^a-z0-9-]", "-", text.lower())).strip("-") or "default"


def delivery_name(environment: str) -> str:
    """What the delivery service of an environment is called unless somebody says otherwise."""
    return f"mini-program-cloud-{slug(environment)}"
