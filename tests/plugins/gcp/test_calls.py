"""Calls: signed, tried again, told in one sentence without ids; and writes that went through unheard."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import google.auth
import httpx
import pytest
from google.auth.exceptions import DefaultCredentialsError, RefreshError

from miniprogram.errors import MiniProgramError, PreconditionFailed, StoreError
from miniprogram.provider_kit.rest_calls import TRIES
from miniprogram_gcp.calls import StorageCalls
from miniprogram_gcp.gcs_store import WRITE_ID, GcsObjectStore
from miniprogram_gcp.settings import GcpSettings

Answer = httpx.Response | Exception
SETTINGS = GcpSettings(bucket="programs", region="eu", project_id="acme-prod-1234")
AT_AN_EMULATOR = SETTINGS.model_copy(update={"endpoint_url": "http://127.0.0.1:9"})


class Google:
    """Answers in turn, and keeps what it was asked."""

    def __init__(self, *answers: Answer | Callable[[httpx.Request], httpx.Response]) -> None:
        self.answers, self.asked = list(answers), list[httpx.Request]()
        self.signatures: list[str | None] = []
        self.pauses: list[float] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request)
        self.signatures.append(request.headers.get("authorization"))
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer if isinstance(answer, httpx.Response) else answer(request)

    def calls(self, settings: GcpSettings = AT_AN_EMULATOR) -> StorageCalls:
        return StorageCalls(settings, {}, transport=httpx.MockTransport(self), sleep=self.pauses.append)

    def store(self) -> GcsObjectStore:
        store = GcsObjectStore(self.calls())
        store._is_fit = store._is_there = True
        return store


def refused(status: int, reason: str = "", message: str = "") -> httpx.Response:
    return httpx.Response(status, json={"error": {"message": message, "errors": [{"reason": reason}]}})


class Signed:
    """Stands for credentials of google-auth."""

    def __init__(self) -> None:
        self.valid, self.token, self.renewed = False, "", 0

    def refresh(self, request: Any) -> None:
        del request
        self.renewed += 1
        self.valid, self.token = True, f"token-{self.renewed}"


@pytest.fixture
def signed(monkeypatch: pytest.MonkeyPatch) -> Signed:
    credentials = Signed()
    monkeypatch.setattr(google.auth, "default", lambda scopes: (credentials, None))
    return credentials


@pytest.mark.parametrize("status", [408, 429, 500, 503])
def test_what_passes_is_tried_again_with_growing_pauses(status: int) -> None:
    google_cloud = Google(refused(status), refused(status), httpx.Response(200, json={}))

    assert google_cloud.calls().call("GET", "/x").status_code == 200
    assert len(google_cloud.pauses) == 2
    assert google_cloud.pauses[0] < google_cloud.pauses[1]


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        (refused(503), "Cloud Storage failed, even after several tries"),
        (refused(429), "asks to slow down"),
        (httpx.ConnectError("boom"), "Cloud Storage cannot be reached at http://127.0.0.1:9"),
    ],
    ids=["fails", "slow down", "silent"],
)
def test_what_stays_is_told_in_one_sentence(answer: Answer, told: str) -> None:
    google_cloud = Google(*[answer] * TRIES)

    with pytest.raises(StoreError, match=told) as failure:
        google_cloud.store().get("a/b.json")

    assert str(failure.value).startswith("cannot read gs://programs/a/b.json: ")
    assert failure.value.hint
    assert google_cloud.answers == []


@pytest.mark.parametrize(
    ("answer", "told", "helps"),
    [
        (refused(401), "the sign-in to Google is not accepted", "gcloud auth"),
        (refused(403, "forbidden", "robot@x.example does not have 123456789012"), "has no access", "objectUser"),
        (refused(400, "userProjectMissing"), "whoever asks pay", "--project-id"),
        (refused(418, "teapot", "user ann@corp.example in 123456789012"), "teapot: user <account> in <id>", ""),
    ],
    ids=["unsigned", "forbidden", "payer", "unknown"],
)
def test_refusals_are_explained_without_ids(answer: httpx.Response, told: str, helps: str) -> None:
    with pytest.raises(StoreError) as failure:
        Google(answer).store().get("a")

    assert told in str(failure.value)
    assert helps in (failure.value.hint or "")
    assert "123456789012" not in str(failure.value)


def test_a_missing_bucket_is_no_missing_object() -> None:
    store = GcsObjectStore(Google(refused(404), refused(404)).calls())

    with pytest.raises(StoreError, match="the bucket programs does not exist"):
        store.get("a")


def test_requests_are_signed_and_once_more_when_the_token_ended(signed: Signed) -> None:
    google_cloud = Google(refused(401), httpx.Response(200, json={}))

    google_cloud.calls(SETTINGS).call("GET", "/x")

    assert google_cloud.signatures == ["Bearer token-1", "Bearer token-2"]
    assert google_cloud.asked[0].url.host == "storage.googleapis.com"
    assert google_cloud.asked[0].url.params["userProject"] == "acme-prod-1234"
    assert google_cloud.pauses == []


def test_nobody_signs_in_at_an_emulator() -> None:
    google_cloud = Google(httpx.Response(200, json={}))

    google_cloud.calls().call("GET", "/x")

    assert google_cloud.signatures == [None]


@pytest.mark.parametrize(
    ("raised", "told"),
    [
        (DefaultCredentialsError("no"), "nobody is signed in to Google Cloud"),
        (RefreshError("secret"), "the sign-in to Google has ended"),
    ],
    ids=["nobody", "ended"],
)
def test_who_is_not_signed_in_is_told_what_to_do(
    monkeypatch: pytest.MonkeyPatch, signed: Signed, raised: Exception, told: str
) -> None:
    def fail(*_: Any, **__: Any) -> Any:
        raise raised

    if isinstance(raised, DefaultCredentialsError):
        monkeypatch.setattr(google.auth, "default", fail)
    else:
        monkeypatch.setattr(signed, "refresh", fail)
    store = GcsObjectStore(Google().calls(SETTINGS))

    with pytest.raises(MiniProgramError, match=told) as failure:
        store.get("a")

    assert "gcloud auth application-default login" in (failure.value.hint or "")
    assert "secret" not in str(failure.value)


def written(request: httpx.Request) -> dict[str, Any]:
    """What a multipart upload says about its object."""
    head = request.content.split(b"\r\n\r\n", 2)[1].partition(b"\r\n")[0]
    told: dict[str, Any] = json.loads(head)
    return told


def test_a_write_that_went_through_unheard_is_ours_after_all() -> None:
    def found(_: httpx.Request) -> httpx.Response:
        return httpx.Response(
            200, json={"generation": "77", "metadata": written(google_cloud.asked[0])["metadata"]}
        )

    google_cloud = Google(httpx.ReadError("cut"), refused(412, "conditionNotMet"), found)

    assert google_cloud.store().put("a", b"1", if_absent=True) == "77"
    assert [request.url.params.get("ifGenerationMatch") for request in google_cloud.asked[:2]] == ["0", "0"]


@pytest.mark.parametrize(
    "found",
    [httpx.Response(200, json={"generation": "78", "metadata": {WRITE_ID: "another"}}), refused(404)],
    ids=["of somebody else", "gone"],
)
def test_a_write_that_somebody_overtook_is_lost(found: httpx.Response) -> None:
    google_cloud = Google(httpx.ReadError("cut"), refused(412), found)

    with pytest.raises(PreconditionFailed, match="gs://programs/a was changed by somebody else"):
        google_cloud.store().put("a", b"1", if_match="5")


def test_an_object_is_stored_with_its_headers() -> None:
    google_cloud = Google(httpx.Response(200, json={"generation": "1"}))

    google_cloud.store().put("a/ü.json", b"{}", content_type="application/json", cache_control="no-cache")

    told = written(google_cloud.asked[0])
    assert (told["name"], told["contentType"], told["cacheControl"]) == (
        "a/ü.json",
        "application/json",
        "no-cache",
    )


@pytest.mark.parametrize("bucket", [{}, {"versioning": {"enabled": False}}], ids=["never", "off"])
def test_a_bucket_that_forgets_is_refused_before_the_first_write(bucket: dict[str, Any]) -> None:
    google_cloud = Google(httpx.Response(200, json=bucket))

    with pytest.raises(StoreError, match="keeps no versions") as failure:
        GcsObjectStore(google_cloud.calls()).put("a", b"1")

    assert "--no-require-versions" in (failure.value.hint or "")
    assert [request.method for request in google_cloud.asked] == ["GET"]


@pytest.mark.parametrize(
    "values",
    [
        {"bucket": "gs://x"},
        {"bucket": "A"},
        {"region": "Europe West"},
        {"project_id": "1"},
        {"run_region": ("eu",)},
        {"service_name": "Shop"},
        {"service_account": "ann@acme.example"},
        {"base_image": "python39"},
        {"label": ("miniprogram-part=x",)},
        {"log_level": "LOUD"},
    ],
    ids=lambda values: next(iter(values)),
)
def test_settings_that_cannot_be_are_refused(values: dict[str, str]) -> None:
    with pytest.raises(ValueError, match=r"must be|should be"):
        GcpSettings(**{"bucket": "programs", "region": "eu", **values})


@pytest.mark.parametrize(
    ("values", "told"),
    [
        ({"delivery": "self", "min_instances": 0}, "--min-instances is for delivery on Cloud Run"),
        ({"delivery": "self", "label": ("a=b",)}, "--label is for delivery on Cloud Run"),
        ({"port": 8080}, "--port is for a delivery server of yours: it needs --delivery self"),
    ],
    ids=["run", "list", "server"],
)
def test_nothing_is_set_in_vain(values: dict[str, Any], told: str) -> None:
    with pytest.raises(ValueError, match=told):
        GcpSettings(**{"bucket": "programs", "region": "eu", **values})
