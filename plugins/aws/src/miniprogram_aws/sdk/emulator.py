"""Emulators of AWS: where a deployment is reached on one."""

from __future__ import annotations

import re
from collections.abc import Mapping

from miniprogram_s3.endpoints import is_aws

_HTTP_API = re.compile(r"https://([a-z0-9]+)\.execute-api\.[a-z0-9-]+\.[a-z0-9.-]+(?=/)")
_FUNCTION_URL = re.compile(r"https://([a-z0-9]+)\.lambda-url\.[a-z0-9-]+\.on\.aws(?=/)")


def reachable(outputs: Mapping[str, str], endpoint_url: str | None) -> dict[str, str]:
    """`outputs` with URLs that can be asked from here; as they are on AWS itself.

    LocalStack and MiniStack answer for an API below `/_aws/execute-api/` of their own address.
    """
    if endpoint_url is None or is_aws(endpoint_url):
        return dict(outputs)
    api = rf"{endpoint_url}/_aws/execute-api/\1"
    function = rf"{endpoint_url}/_aws/lambda-url/\1"
    return {name: _FUNCTION_URL.sub(function, _HTTP_API.sub(api, value)) for name, value in outputs.items()}
