"""An endpoint from what a command was told."""

from __future__ import annotations

from pydantic import ValidationError

from miniprogram.errors import MiniProgramError
from miniprogram.seams.endpoint import Endpoint


def make_endpoint(
    app_id: str,
    *,
    api_base_url: str,
    access_key: str | None,
    backend_base_url: str | None,
    local_mock: bool,
    trust_root: str | None = None,
) -> Endpoint:
    """No key means public. Raises MiniProgramError naming the member that is wrong, never the key."""
    backend_mode = "local_mock" if local_mock else "remote"
    try:
        return Endpoint.model_validate(
            {
                "appId": app_id,
                "apiBaseUri": api_base_url,
                "accessMode": "protected" if access_key else "public",
                "accessKey": access_key,
                "backendBaseUri": backend_base_url,
                "backendMode": backend_mode if backend_base_url else "none",
                "trustRoot": trust_root,
            }
        )
    except ValidationError as error:
        raise MiniProgramError(first_problem(error)) from None


def first_problem(error: ValidationError) -> str:
    """The first thing that does not fit, as a sentence that starts with its name and never repeats the value."""
    first = error.errors(include_url=False, include_input=False)[0]
    member = first["loc"][0] if first["loc"] else "it"
    return f"{member} {first['msg'].removeprefix('Value error, ')}"
