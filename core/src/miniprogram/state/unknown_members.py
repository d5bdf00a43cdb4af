"""Members of a stored document that nothing here reads: misspelt, or written by a newer release."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from typing import NamedTuple

from pydantic import BaseModel

from miniprogram.suggestions import closest


class UnknownMember(NamedTuple):
    """`name` is what nobody reads, `path` leads to what holds it, as `cloudEnvironments[0].`; empty at the top."""

    path: str
    name: str
    meant: str | None
    """The member that was probably meant, and which the document does not have."""

    @property
    def sentence(self) -> str:
        advice = f'; did you mean "{self.meant}"?' if self.meant else ""
        return f'nothing reads "{self.path}{self.name}"{advice}'


def unknown_members(document: BaseModel, path: str = "") -> Iterator[UnknownMember]:
    """Those of `document` and the models in it, in their order."""
    known = {info.alias or field: field for field, info in type(document).model_fields.items()}
    absent = [name for name, field in known.items() if field not in document.model_fields_set]
    yield from unknown_names(document.model_extra or (), absent, path)
    for name, field in known.items():
        value = getattr(document, field)
        if isinstance(value, BaseModel):
            yield from unknown_members(value, f"{path}{name}.")
        elif isinstance(value, tuple | list):
            for index, item in enumerate(value):
                if isinstance(item, BaseModel):
                    yield from unknown_members(item, f"{path}{name}[{index}].")


def unknown_names(names: Iterable[str], absent: Collection[str], path: str = "") -> Iterator[UnknownMember]:
    """`names` that nobody reads; `absent` are those that could be there and are not."""
    for name in names:
        yield UnknownMember(path, name, closest(name, absent))


def misspelt(unknown: Iterable[UnknownMember]) -> UnknownMember | None:
    """The first that looks like a member which is missing. Others may be of a newer release: they are kept."""
    return next((member for member in unknown if member.meant), None)
