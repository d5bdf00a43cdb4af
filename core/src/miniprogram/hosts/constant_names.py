"""Names by which an app's code calls its mini-programs, legal in the language that says which words it keeps."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from miniprogram.seams.host_generator import RegistryEntry


def constant_name(
    app_id: str, taken: Collection[str], *, keywords: Collection[str] = (), members: Collection[str] = ()
) -> str:
    """A lowerCamelCase name for `app_id` that is not in `taken`.

    `keywords` are no names in the language; `members` are names that the registry has already.
    """
    first, *rest = [part for part in re.split(r"[^A-Za-z0-9]+", app_id) if part] or ["miniProgram"]
    head = first if first == "miniProgram" else first.lower()
    name = head + "".join(part[0].upper() + part[1:].lower() for part in rest)
    if not name[0].isalpha():
        name = f"miniProgram{name}"
    if name in keywords:
        name = f"{name}MiniProgram"
    candidate, number = name, 2
    while candidate in taken or candidate in members:
        candidate, number = f"{name}{number}", number + 1
    return candidate


def name_constants(
    registry: Sequence[RegistryEntry], *, keywords: Collection[str] = (), members: Collection[str] = ()
) -> list[RegistryEntry]:
    """`registry` with a name for every entry; names that are there stay."""
    taken = {entry.constant for entry in registry if entry.constant}
    named = []
    for entry in registry:
        constant = entry.constant or constant_name(entry.app_id, taken, keywords=keywords, members=members)
        taken.add(constant)
        named.append(RegistryEntry(entry.app_id, entry.title, constant))
    return named
