"""The delivery contract's vectors, through the ASGI application as a client sees it."""

from __future__ import annotations

import asyncio
from collections.abc import MutableMapping
from pathlib import Path
from typing import Any

import pytest

from delivery.vectors.runner import Case, differences, load_cases, write_workspace
from miniprogram.delivery.documents.profile import Profile, cloud_profile, local_profile
from miniprogram.delivery.documents.sources import FolderSource
from miniprogram.delivery.evaluation.rules.strictness import COMPATIBLE, STRICT
from miniprogram_server.app import Served, delivery_app

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    made = {}
    for profile in ("local", "cloud"):
        made[profile] = tmp_path_factory.mktemp(profile)
        write_workspace(made[profile], profile)
    return made


def profile_of(case: Case) -> Profile:
    make = local_profile if case.profile == "local" else cloud_profile
    return make(
        strictness=COMPATIBLE if case.settings.get("strictness") == "compatible" else STRICT,
        requires_access_keys=case.settings.get("requiresAccessKeys", False),
        protects_assets=case.settings.get("protectsAssets", False),
    )


async def ask(case: Case, folder: Path) -> tuple[int, dict[str, str], bytes]:
    """What a server would hand over, dot segments and all: HTTP clients tidy paths up before sending."""
    app = delivery_app(Served(FolderSource(str(folder)), profile_of(case), "here"))
    sent: list[MutableMapping[str, Any]] = []

    async def receive() -> MutableMapping[str, Any]:
        return {"type": "http.request", "body": case.body}

    async def send(message: MutableMapping[str, Any]) -> None:
        sent.append(message)

    scope = {
        "type": "http",
        "method": case.method,
        "path": case.path,
        "raw_path": case.path.encode("latin-1", "replace"),
        "query_string": case.query.encode(),
        "headers": [
            (name.lower().encode(), value.encode("latin-1", "replace")) for name, value in case.headers.items()
        ],
    }
    await app(scope, receive, send)
    start, body = sent
    headers = {name.decode(): value.decode("latin-1") for name, value in start["headers"]}
    return start["status"], headers, body["body"]


@pytest.mark.parametrize("case", load_cases(), ids=lambda case: f"{case.profile}: {case.name}")
def test_the_wire_contract_holds(case: Case, folders: dict[str, Path]) -> None:
    status, headers, body = asyncio.run(ask(case, folders[case.profile]))
    assert differences(case, status, headers, body) == []
