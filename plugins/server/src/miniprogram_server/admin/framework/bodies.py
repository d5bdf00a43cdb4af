"""Request bodies: bounded, of the announced type, and parsed into the operation's model."""

from __future__ import annotations

from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from starlette.requests import Request

from miniprogram.json_values import NotJson, parse_given_json
from miniprogram.misfit_words import misfit_sentence
from miniprogram.refusals import Unacceptable
from miniprogram_server.admin.framework.problems import Failure
from miniprogram_server.admin.framework.uploads import refuse_announced, too_large

MAX_JSON_BYTES = 1024 * 1024
MAX_TEXT_BYTES = 64 * 1024 * 1024
"""For lists of ids: a million of them are some 40 MB."""

JSON = "application/json"
BYTES = "application/octet-stream"
TEXT = ("text/plain", "text/csv", BYTES)
"""What a list of ids may be announced as; whether it is CSV is said by the query."""

Model = TypeVar("Model", bound=BaseModel)


async def read_body(request: Request, *, max_bytes: int) -> bytes:
    """The body. Raises Failure (413) for more than `max_bytes`, before reading on."""
    refuse_announced(request.headers, max_bytes)
    parts, size = [], 0
    async for part in request.stream():
        size += len(part)
        if size > max_bytes:
            raise too_large(max_bytes)
        parts.append(part)
    return b"".join(parts)


def require_type(request: Request, allowed: tuple[str, ...]) -> None:
    """Raises Failure (415) when the body is announced as something else."""
    given = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if given not in allowed:
        raise Failure(415, "unsupported_media_type", f"the body must be {' or '.join(allowed)}")


def parse_body(model: type[Model], body: bytes) -> Model:
    """The body as `model`. Raises Failure: 400 when it is no JSON, 422 when it does not fit."""
    try:
        value = parse_given_json(body, what="the body")
    except NotJson as error:
        raise Failure(400, "invalid_json", str(error)) from None
    except Unacceptable as error:
        raise Failure(422, "invalid_request", str(error)) from None
    return fit(model, value, where="the body")


def fit(model: type[Model], value: Any, *, where: str) -> Model:
    """`value` as `model`. Raises Failure (422) naming the first member that does not fit."""
    try:
        return model.model_validate(value)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False, include_context=False)[0]
        sentence = misfit_sentence(first, top=where)
        raise Failure(422, "invalid_request", f"{where}: {sentence}" if first["loc"] else sentence) from None
