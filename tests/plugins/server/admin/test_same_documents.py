"""Reading over HTTP answers the documents that the command line prints with --json."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from miniprogram.documents.environment_storage import EnvironmentStorage
from miniprogram.identity.host_apps import list_apps
from miniprogram.identity.members import list_members
from miniprogram.releases.commands.segments import list_segments
from miniprogram.releases.commands.switches import list_switches
from miniprogram.releases.queries.history import history, verify_trail
from miniprogram.releases.queries.listing import finished_releases, list_releases, show_release
from miniprogram.releases.queries.overrides import list_overrides
from miniprogram.releases.queries.testers import list_testers
from miniprogram.targets import Stage, Target

API = "/api/admin/v1"
SHOP = f"{API}/programs/shop"
RELEASE = f"{SHOP}/targets/wallet/production/releases/1.0.0"
WALLET = Target(host_app="wallet", environment=Stage.PRODUCTION)

DOCUMENTS: dict[str, Callable[[EnvironmentStorage], Any]] = {
    f"{API}/apps": list_apps,
    f"{API}/members": list_members,
    f"{API}/audit": lambda storage: history(storage, None, command="audit show"),
    f"{API}/audit/verification": lambda storage: verify_trail(storage, None),
    f"{SHOP}/audit": lambda storage: history(storage, "shop", command="audit show"),
    f"{SHOP}/audit/verification": lambda storage: verify_trail(storage, "shop"),
    f"{SHOP}/releases": lambda storage: list_releases(storage, "shop"),
    f"{SHOP}/finished-releases": lambda storage: finished_releases(storage, "shop"),
    f"{SHOP}/segments": lambda storage: list_segments(storage, "shop"),
    f"{SHOP}/switches": lambda storage: list_switches(storage, "shop"),
    f"{SHOP}/overrides": lambda storage: list_overrides(storage, "shop"),
    RELEASE: lambda storage: show_release(storage, "shop", "1.0.0", WALLET),
    f"{RELEASE}/testers": lambda storage: list_testers(storage, "shop", "1.0.0", WALLET),
}


@pytest.mark.parametrize("path", DOCUMENTS)
def test_a_question_has_one_document(lasting_world, path: str) -> None:
    answer = lasting_world.call("ann", "GET", path)

    report = DOCUMENTS[path](lasting_world.storage)
    assert answer.status_code == 200, answer.text
    assert answer.json() == report.model_dump(mode="json", by_alias=True)
