"""Submitted forms: bounded, and read by field."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from starlette.datastructures import FormData, UploadFile
from starlette.exceptions import HTTPException
from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.requests import Request

from miniprogram_server.admin.framework.uploads import Upload, bounded, refuse_announced

SIGN_IN_BYTES = 512 * 1024
"""For forms of people who are not known yet: a token, and a form whose session has ended."""
MAX_RESUMED_BYTES = 96 * 1024
"""Of a form whose session has ended: quoted twice, it still fits into the one for signing in."""
MAX_FORM_BYTES = 4 * 1024 * 1024
"""For forms of a session."""
MAX_FIELDS = 3_000


@dataclass(frozen=True, slots=True)
class Form:
    """Fields by name, texts as sent; files by name, until `close`."""

    fields: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    files: Mapping[str, Upload] = field(default_factory=dict)

    def one(self, name: str) -> str:
        """The field, trimmed; blank when it is not there."""
        return self.fields.get(name, ("",))[0].strip()

    def many(self, name: str) -> tuple[str, ...]:
        return self.fields.get(name, ())

    def has(self, name: str) -> bool:
        return name in self.fields

    def close(self) -> None:
        """Give back what the files take."""
        for upload in self.files.values():
            upload.content.close()

    def lines(self, name: str) -> tuple[str, ...]:
        """The field's lines that are not blank, trimmed."""
        return tuple(line for raw in self.one(name).splitlines() if (line := raw.strip()))


async def read_form(request: Request, *, max_bytes: int = MAX_FORM_BYTES) -> Form:
    """The form in the body, its files on disk.

    Raises Failure (413) for more than `max_bytes`, or starlette's HTTPException (400) for one that is broken.
    """
    refuse_announced(request.headers, max_bytes)
    limited = Request(request.scope, bounded(request.receive, max_bytes))
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    sent = await (_multipart(limited) if kind == "multipart/form-data" else limited.form())
    fields: dict[str, tuple[str, ...]] = {}
    files: dict[str, Upload] = {}
    for name, value in sent.multi_items():
        if isinstance(value, UploadFile):
            files[name] = Upload(value.filename or "", value.size or 0, value.file)
        else:
            fields[name] = (*fields.get(name, ()), value)
    return Form(fields, files)


async def _multipart(request: Request) -> FormData:
    """The parts of a body. A file that does not become one of them is closed, whatever goes wrong."""
    parser = MultiPartParser(
        request.headers,
        request.stream(),
        max_files=1,
        max_fields=MAX_FIELDS,
        max_part_size=MAX_FORM_BYTES,
    )
    sent = FormData()
    try:
        sent = await parser.parse()
    except MultiPartException as error:
        raise HTTPException(400, error.message) from None
    finally:
        sent_files = {id(value.file) for _, value in sent.multi_items() if isinstance(value, UploadFile)}
        for file in parser._files_to_close_on_error:
            if id(file) not in sent_files:
                file.close()
    return sent
