"""Submitted forms: bounded, and read by field."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from starlette.datastructures import UploadFile
from starlette.requests import Request

from miniprogram_server.admin.framework.bodies import MAX_TEXT_BYTES, read_body

MAX_FORM_BYTES = 4 * 1024 * 1024
MAX_FIELDS = 3_000


@dataclass(frozen=True, slots=True)
class Form:
    """Fields by name, texts as sent; files by name as (file name, bytes)."""

    fields: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    files: Mapping[str, tuple[str, bytes]] = field(default_factory=dict)

    def one(self, name: str) -> str:
        """The field, trimmed; blank when it is not there."""
        return self.fields.get(name, ("",))[0].strip()

    def many(self, name: str) -> tuple[str, ...]:
        return self.fields.get(name, ())

    def has(self, name: str) -> bool:
        return name in self.fields

    def lines(self, name: str) -> tuple[str, ...]:
        """The field's lines that are not blank, trimmed."""
        return tuple(line for raw in self.one(name).splitlines() if (line := raw.strip()))


async def read_form(request: Request) -> Form:
    """The form in the body. Raises Failure (413), or starlette's HTTPException (400) for one that is broken."""
    is_multipart = request.headers.get("content-type", "").lower().startswith("multipart/form-data")
    body = await read_body(request, max_bytes=MAX_TEXT_BYTES if is_multipart else MAX_FORM_BYTES)
    replayed = Request(request.scope, _replay(body))
    async with replayed.form(max_files=1, max_fields=MAX_FIELDS, max_part_size=MAX_FORM_BYTES) as sent:
        fields: dict[str, tuple[str, ...]] = {}
        files: dict[str, tuple[str, bytes]] = {}
        for name, value in sent.multi_items():
            if isinstance(value, UploadFile):
                files[name] = (value.filename or "", await value.read())
            else:
                fields[name] = (*fields.get(name, ()), value)
    return Form(fields, files)


def _replay(body: bytes) -> Any:
    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": body, "more_body": False}

    return receive
