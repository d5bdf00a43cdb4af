"""The registry file: constants an app names its mini-programs by."""

from __future__ import annotations

import re
from collections.abc import Sequence

from miniprogram.errors import DocumentError
from miniprogram.hosts.constant_names import name_constants
from miniprogram.seams.host_generator import RegistryEntry
from miniprogram_flutter.dart import LITERAL, MEMBERS, RESERVED_WORDS, unquote
from miniprogram_flutter.rendering import DartCode, render

_ENTRY = re.compile(
    r"static\s+const\s+(?:MiniProgramInfo\s+)?(?P<name>[A-Za-z_$][A-Za-z0-9_$]*)\s*=\s*(?:const\s+)?MiniProgramInfo\s*\("
    rf"\s*appId\s*:\s*(?P<app_id>{LITERAL})\s*,\s*title\s*:\s*(?P<title>{LITERAL})\s*,?\s*\)"
)
_ANY_ENTRY = re.compile(r"=\s*(?:const\s+)?MiniProgramInfo\s*\(")


def parse_registry(text: str, *, name: str) -> tuple[RegistryEntry, ...] | None:
    """The entries in file order; None when `text` is no registry of ours.

    Raises DocumentError naming `name` when it holds an entry that cannot be read: rewriting would lose it.
    """
    if "class MiniPrograms" not in text or "MiniProgramInfo" not in text:
        return None
    matches = list(_ENTRY.finditer(text))
    if len(matches) != len(_ANY_ENTRY.findall(text)):
        raise DocumentError(
            f"{name} holds a MiniProgramInfo that is not written as `static const name = "
            "MiniProgramInfo(appId: '…', title: '…');`"
        )
    try:
        entries = [
            RegistryEntry(unquote(each["app_id"]), unquote(each["title"]), each["name"]) for each in matches
        ]
    except (ValueError, OverflowError) as error:
        raise DocumentError(f"{name}: a text {error}") from None
    return tuple({entry.app_id: entry for entry in reversed(entries)}.values())[::-1]


def named_entries(registry: Sequence[RegistryEntry]) -> list[RegistryEntry]:
    """`registry` with a name that is legal in Dart for every entry; names that are there stay."""
    return name_constants(registry, keywords=RESERVED_WORDS, members=MEMBERS)


def render_registry(registry: Sequence[RegistryEntry]) -> bytes:
    """The registry file for entries that have names."""
    rows = [(DartCode(entry.constant), entry.app_id, entry.title) for entry in registry]
    return render("mini_program_registry.dart", entries=rows)
