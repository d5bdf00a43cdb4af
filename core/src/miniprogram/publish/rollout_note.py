"""A word about rollout rules: with rules in place, `latest` is not what decides."""

from __future__ import annotations

from pathlib import Path

from miniprogram.delivery.documents.layouts.keys import local_keys
from miniprogram.documents.rollout_versions import named_versions
from miniprogram.errors import DocumentError
from miniprogram.strict_json import read_object


def unserved_note(api_root: Path, program_id: str, version: str) -> str | None:
    """A sentence when rules decide what hosts get and none of them names `version`; else None."""
    path = api_root / local_keys().rollout_rules_key(program_id)
    try:
        if not path.is_file() or version in named_versions(read_object(path)):
            return None
    except DocumentError as error:
        return str(error)
    return f"No host gets {version} yet: {path} decides and does not name it"
