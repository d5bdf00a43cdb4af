"""Reading stored documents that a newer version of this program may have written.

Members that are not known here are left out, and named: whoever only reads goes on, and whoever wants to write is
told to upgrade first, because writing would lose them.
"""

from __future__ import annotations

from copy import deepcopy
from typing import Any, NamedTuple, TypeVar

from pydantic import BaseModel, ValidationError

from miniprogram.errors import DocumentError
from miniprogram.refusals import Refused
from miniprogram.strict_json import STORED, parse_json, parse_model, require_object

Model = TypeVar("Model", bound=BaseModel)
UPGRADE = "Upgrade miniprogram."


class NewerDocument(DocumentError):  # noqa: N818 - names the state
    """It is whole, and of a version of this program that is not here: nothing to repair."""

    def __init__(self, name: str, version: int) -> None:
        super().__init__(f"{name} was written by a newer version (schemaVersion {version})", hint=UPGRADE)


class Unknown(NamedTuple):
    """Paths of members that only a newer version knows."""

    name: str
    paths: tuple[str, ...]

    def require_none(self) -> None:
        """Raises Refused when there are some."""
        if self.paths:
            what = f"{self.name} was written by a newer version: {', '.join(self.paths[:3])} is not known here"
            raise Refused("newer_document", what, hint=UPGRADE)


def parse_stored(model: type[Model], body: bytes, *, name: str) -> tuple[Model, Unknown]:
    """The document in `body`, and what of it is not known here.

    Raises DocumentError for a broken one, NewerDocument for one that is whole.
    """
    members = require_object(parse_json(body, name=name), name=name)
    version = members.get("schemaVersion")
    known = model.model_fields.get("schema_version")
    if known is not None and type(version) is int and version > known.get_default():
        raise NewerDocument(name, version)
    try:
        return model.model_validate(members, context=STORED), Unknown(name, ())
    except ValidationError as error:
        errors = error.errors(include_url=False, include_input=False)
        surplus = [each["loc"] for each in errors if each["type"] == "extra_forbidden"]
        if len(surplus) < len(errors):
            return parse_model(model, members, name=name), Unknown(name, ())  # says what is wrong
    known_members = deepcopy(members)
    for path in surplus:
        _remove(known_members, path)
    return parse_model(model, known_members, name=name), Unknown(name, tuple(map(_path_text, surplus)))


def parse_whole(model: type[Model], body: bytes, *, name: str) -> Model:
    """The document in `body`, as `parse_stored`. Raises Refused where writing it again would lose something."""
    found, unknown = parse_stored(model, body, name=name)
    unknown.require_none()
    return found


def _remove(members: Any, path: tuple[int | str, ...]) -> None:
    *parents, last = path
    for part in parents:
        members = members[part]
    del members[last]


def _path_text(path: tuple[int | str, ...]) -> str:
    text = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in path)
    return text.removeprefix(".")
