"""Calls of a REST API: signed, tried again where that helps, and told as they ended."""

from __future__ import annotations

from collections.abc import Mapping

import httpx
import pytest

from miniprogram.provider_kit.rest_calls import (
    LONGEST_ASKED_S,
    TRIES,
    UNREACHABLE,
    RefusedCall,
    RestCalls,
    related_parts,
    seconds,
    unreachable,
)

Answer = httpx.Response | Exception


class Service:
    """Answers in turn, and notes who asked how, and how long was waited."""

    def __init__(self, *answers: Answer) -> None:
        self.answers, self.asked, self.pauses = list(answers), list[httpx.Request](), list[float]()

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(httpx.Request(request.method, request.url, headers=dict(request.headers)))
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer

    def calls(self) -> RestCalls:
        return Signing(
            "https://storage.acme.example/", transport=httpx.MockTransport(self), sleep=self.pauses.append
        )


class Signing(RestCalls):
    """Signs with another token each time it is to renew it."""

    renewed = 0

    def signature(self, *, renew: bool) -> Mapping[str, str]:
        self.renewed += renew
        return {"authorization": f"Bearer token-{self.renewed}"}


@pytest.mark.parametrize("first", [httpx.Response(503), httpx.Response(429), httpx.ConnectError("no")])
def test_what_passes_is_tried_again(first: Answer) -> None:
    service = Service(first, httpx.Response(200, text="there"))

    assert service.calls().call("GET", "/buckets/shop").text == "there"
    assert [str(request.url) for request in service.asked] == ["https://storage.acme.example/buckets/shop"] * 2
    assert len(service.pauses) == 1


def test_pauses_grow_and_tries_end() -> None:
    service = Service(*[httpx.Response(500)] * TRIES)

    with pytest.raises(RefusedCall) as refused:
        service.calls().call("GET", "/a")

    assert refused.value.status == 500
    assert len(service.pauses) == TRIES - 1
    assert service.pauses == sorted(set(service.pauses))


@pytest.mark.parametrize("status", [400, 403, 404, 409, 501])
def test_what_stays_is_told_at_once(status: int) -> None:
    service = Service(httpx.Response(status))

    with pytest.raises(RefusedCall):
        service.calls().call("GET", "/a")

    assert service.pauses == []


def test_an_expected_status_is_an_answer() -> None:
    assert Service(httpx.Response(404)).calls().call("GET", "/a", expect=(404,)).status_code == 404


def test_a_signature_that_is_refused_is_renewed_once() -> None:
    service = Service(httpx.Response(401), httpx.Response(200))
    service.calls().call("GET", "/a")
    assert [request.headers["authorization"] for request in service.asked] == ["Bearer token-0", "Bearer token-1"]

    refusing = Service(httpx.Response(401), httpx.Response(401))
    with pytest.raises(RefusedCall):
        refusing.calls().call("GET", "/a")
    assert refusing.answers == []


def test_a_call_may_go_unsigned_and_elsewhere() -> None:
    service = Service(httpx.Response(200))

    service.calls().call("PUT", "https://uploads.acme.example/1?signature=x", content=b"1", signed=False)

    assert "authorization" not in service.asked[0].headers
    assert service.asked[0].url.host == "uploads.acme.example"


def test_a_delay_that_is_asked_for_is_kept_as_far_as_anybody_waits() -> None:
    service = Service(httpx.Response(429, headers={"retry-after": "7"}), httpx.Response(200))
    service.calls().call("GET", "/a")
    assert service.pauses == [7.0]

    patient = Service(httpx.Response(429, headers={"retry-after": str(LONGEST_ASKED_S + 1)}))
    with pytest.raises(RefusedCall):
        patient.calls().call("GET", "/a")


@pytest.mark.parametrize(
    ("text", "found"),
    [("7", 7.0), ("0.5", 0.5), ("0", 0.0), ("-1", None), ("inf", None), ("nan", None), ("", None)],
)
def test_seconds_are_a_number_that_somebody_may_wait(text: str, found: float | None) -> None:
    assert seconds(text) == found


def test_a_silent_service_is_named_without_its_path() -> None:
    service = Service(*[httpx.ConnectError("no")] * TRIES)

    with pytest.raises(httpx.TransportError) as failure:
        service.calls().call("GET", "/secret?token=x")

    found = unreachable(failure.value)
    assert found is not None
    assert (found.code, found.endpoint) == (UNREACHABLE, "https://storage.acme.example")
    assert unreachable(ValueError()) is None


def test_parts_stand_one_after_another() -> None:
    headers, content = related_parts([("application/json", b"{}"), ("text/plain", b"a\r\nb")], "edge")

    assert headers == {"content-type": "multipart/related; boundary=edge"}
    assert content == (
        b"--edge\r\ncontent-type: application/json\r\n\r\n{}\r\n"
        b"--edge\r\ncontent-type: text/plain\r\n\r\na\r\nb\r\n--edge--\r\n"
    )
