"""Whose the bucket is: told by the service, remembered by a deploy, and noticed when it is somebody else's."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from miniprogram.errors import MiniProgramError
from miniprogram.seams.cloud_provider import KnowsAccount
from miniprogram_gcp.calls import StorageCalls
from miniprogram_gcp.run.provider import CloudRunProvider

OWNER = "123456789012"


def provider_over(place: Any, answer: httpx.Response) -> CloudRunProvider:
    found = CloudRunProvider(place.settings(), place.context())
    found.__dict__["calls"] = StorageCalls(
        place.settings(), {}, transport=httpx.MockTransport(lambda _request: answer)
    )
    return found


def test_the_project_of_the_bucket_is_the_account(place: Any) -> None:
    provider = provider_over(place, httpx.Response(200, json={"projectNumber": OWNER}))

    assert isinstance(provider, KnowsAccount)
    assert provider.account() == OWNER


def test_an_emulator_has_no_projects(place: Any) -> None:
    assert provider_over(place, httpx.Response(200, json={"name": "b"})).account() == ""


@pytest.mark.parametrize("status", [403, 404])
def test_who_may_not_look_is_told_in_a_sentence(place: Any, status: int) -> None:
    provider = provider_over(place, httpx.Response(status, json={"error": {"code": status}}))

    with pytest.raises(MiniProgramError, match="cannot look at the bucket"):
        provider.account()
