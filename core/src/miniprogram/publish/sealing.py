"""For whom a mini-program is sealed: what `miniprogram.toml` says, and the keys behind it.

```toml
[sealing]
recipients = ["wallet", "x25519:ZPM1…"]
```

A name is that of a host app of the environment, and stands for all its keys that are not revoked.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from miniprogram.delivery.documents.kinds import ENVIRONMENT_DOCUMENT
from miniprogram.documents.environment_storage import EnvironmentStorage
from miniprogram.errors import DocumentError, PublishError
from miniprogram.identity.environment_document import EnvironmentDocument, read_environment
from miniprogram.plugins.allowed.pins import FILE
from miniprogram.sealing.keys import PREFIX, parse_recipient
from miniprogram.seams.publish_target import PublishTarget, SealsVersions
from miniprogram.seams.version_keeping import OpensStore

TABLE = "sealing"
RECIPIENTS = "recipients"


def recipients(folder: Path, target: PublishTarget) -> tuple[str, ...] | None:
    """The keys a mini-program in `folder` is sealed for, as texts; empty where it is for anybody, None: not said.

    Raises PublishError for an app without a key, and for a target that would store it in plain; DocumentError for
    a file that says something else.
    """
    named = _named(folder)
    if not named:
        return named
    if not (isinstance(target, SealsVersions) and target.seals):
        raise PublishError(
            "this mini-program is sealed, and the target stores versions in plain",
            hint=f"Publish to another target, or take {TABLE} out of {FILE}.",
        )
    keys = {text for text in named if text.startswith(PREFIX)}
    for text in keys:
        parse_recipient(text)
    apps = [name for name in named if name not in keys]
    keys |= {key for app in apps for key in _keys_of(app, target)}
    return tuple(sorted(keys))


def sealed_note(keys: tuple[str, ...]) -> str:
    """What to say when a version was sealed."""
    ids = ", ".join(parse_recipient(text).key_id[:12] for text in keys)
    return f"Sealed for {ids}: its manifest and its size can be read by anybody, nothing else."


def _keys_of(app: str, target: PublishTarget) -> Iterator[str]:
    document = _environment_of(target)
    if document is None:
        raise PublishError(
            f"{FILE} seals for {app!r}, and this target knows no host apps", hint="Name keys: x25519:…"
        )
    found = document.app(app)
    keys = [each.key for each in found.sealing_keys if each.revoked_at is None] if found is not None else []
    if not keys:
        what = "has no key that is not revoked" if found is not None else "is no host app of the environment"
        raise PublishError(
            f"{FILE} seals for {app!r}, which {what}", hint=f"`miniprogram sealing keys add {app} KEY` adds one."
        )
    yield from keys


def _environment_of(target: PublishTarget) -> EnvironmentDocument | None:
    if not isinstance(target, OpensStore):
        return None
    with target.opened_store("Look") as (store, keys):
        if not keys.has(ENVIRONMENT_DOCUMENT):
            return None
        return read_environment(EnvironmentStorage(store, keys))


def _named(folder: Path) -> tuple[str, ...] | None:
    files = (each / FILE for each in (folder, *folder.parents))
    found_in = ((path, _tables(path)) for path in files if path.is_file())
    path, table = next(((path, tables[TABLE]) for path, tables in found_in if TABLE in tables), (None, None))
    if path is None:
        return None
    where = f"{path}: [{TABLE}]"
    found = table.get(RECIPIENTS) if isinstance(table, dict) and set(table) == {RECIPIENTS} else None
    if not isinstance(found, list) or not all(isinstance(each, str) and each.strip() for each in found):
        raise DocumentError(f'{where} must say {RECIPIENTS} = ["APP", …] and nothing else')
    return tuple(dict.fromkeys(each.strip() for each in found))


def _tables(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text("utf-8-sig"))
    except OSError as error:
        raise DocumentError(f"{path} cannot be read: {error.strerror}") from None
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise DocumentError(f"{path} is not TOML: {error}") from error
