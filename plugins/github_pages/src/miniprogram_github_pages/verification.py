"""Ask Pages whether it serves what was pushed."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from urllib.parse import quote

import httpx

from miniprogram.errors import PublishError
from miniprogram.packages.bundle import Bundle
from miniprogram.progress import advance

PATIENCE_S = 180.0
PAUSE_S = 3.0


def urls_to_verify(base_url: str, bundle: Bundle) -> tuple[str, str]:
    """The latest manifest and the entry screen, as hosts ask for them."""
    program, version, entry = quote(bundle.program_id), quote(bundle.version), quote(bundle.manifest.entry)
    return f"{base_url}manifests/{program}/latest.json", f"{base_url}screens/{program}/{version}/{entry}.json"


def wait_until_served(
    base_url: str,
    bundle: Bundle,
    *,
    patience_s: float = PATIENCE_S,
    pause_s: float = PAUSE_S,
    sleep: Callable[[float], None] = time.sleep,
) -> None:
    """Ask until the latest manifest is this version's and its entry screen is there.

    Raises PublishError with the last answer after `patience_s` seconds: the push stands then.
    """
    manifest_url, screen_url = urls_to_verify(base_url, bundle)
    deadline = time.monotonic() + patience_s
    advance("waiting until Pages serves it", 0)
    with httpx.Client(timeout=10.0, follow_redirects=True, headers={"cache-control": "no-cache"}) as client:
        while True:
            trouble = _trouble(client, manifest_url, screen_url, bundle.version)
            if trouble is None:
                return
            if time.monotonic() > deadline:
                raise PublishError(
                    f"the branch is pushed, but after {patience_s:g} s {trouble}",
                    hint="Is Pages switched on for this branch? A first deployment may take some minutes.",
                )
            sleep(pause_s)


def _trouble(client: httpx.Client, manifest_url: str, screen_url: str, version: str) -> str | None:
    manifest, problem = _get_json(client, manifest_url)
    if problem is not None:
        return problem
    served = manifest.get("version") if isinstance(manifest, dict) else None
    if served != version:
        return f"{manifest_url} still serves {served or 'something else'}"
    return _get_json(client, screen_url)[1]


def _get_json(client: httpx.Client, url: str) -> tuple[object, str | None]:
    try:
        answer = client.get(url)
        if answer.status_code != 200:
            return None, f"{url} answers {answer.status_code}"
        return json.loads(answer.content), None
    except httpx.HTTPError as error:
        return None, f"{url} cannot be reached: {error}"
    except (ValueError, RecursionError):
        return None, f"{url} does not answer with JSON"
