"""One POST: signed so that a stranger can check it, to no address that is not allowed, and never for long."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import time
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from miniprogram.clock import to_iso
from miniprogram.identity.subscription import SigningSecret, Subscription
from miniprogram.notices.attempts import Outcome
from miniprogram.notices.dispatches import Dispatch
from miniprogram.notices.signing import new_secret
from miniprogram.testing import NOON
from miniprogram_server.notifying.networks import LOOPBACK
from miniprogram_server.notifying.webhook import Poster
from plugins.server.notifying.receiver import Behaviour, Receiver, answer, drip, hang, nonsense, reset

SECRETS = (new_secret(), new_secret())
BODY = json.dumps({"type": "release.full", "timestamp": to_iso(NOON), "data": {"reason": "Grüße"}})
POST = Poster(LOOPBACK, timeout_s=0.5)


def sent_to(url: str, post: Poster = POST, now: datetime = NOON) -> Outcome:
    stamp = to_iso(NOON)
    old = SigningSecret(text=SECRETS[1], created_at=stamp, ends_at=to_iso(NOON + timedelta(hours=1)))
    members = {"id": "0a", "url": url, "created_by": "ann", "created_at": stamp, "since": stamp}
    subscription = Subscription(**members, secrets=(SigningSecret(text=SECRETS[0], created_at=stamp), old))
    dispatch = Dispatch(id="msg_1", type="release.full", at=stamp, body=BODY, next_at=stamp)
    return post(subscription, dispatch, now)


def expected(secret: str, headers: dict[str, str], body: bytes) -> str:
    signed = b".".join([headers["webhook-id"].encode(), headers["webhook-timestamp"].encode(), body])
    key = base64.b64decode(secret.removeprefix("whsec_"))
    return "v1," + base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()


def test_it_is_signed_with_both_secrets_and_then_with_the_new_one_alone(receiver: Receiver) -> None:
    assert sent_to(receiver.url).problem is None
    assert sent_to(receiver.url, now=NOON + timedelta(hours=2)).status == 204

    for got, secrets in zip(receiver.received, (SECRETS, SECRETS[:1]), strict=True):
        wanted = [expected(each, got.headers, got.body) for each in secrets]
        assert got.headers["webhook-signature"].split(" ") == wanted
        assert (got.message, got.headers["content-type"]) == ("msg_1", "application/json")
        assert json.loads(got.body) == json.loads(BODY)
    assert receiver.received[0].headers["webhook-timestamp"] == str(int(NOON.timestamp()))


@pytest.mark.parametrize(
    ("behaviour", "problem", "status"),
    [
        (answer(200), None, 200),
        (answer(500), "it answered 500", 500),
        (answer(410), "it answered 410", 410),
        (hang, "no answer within 0.5 s", None),
        (drip, "no answer within 0.5 s", None),
        (reset, "connection reset by peer", None),
        (nonsense, "it did not answer in HTTP", None),
    ],
    ids=["taken", "fails", "gone", "hangs", "drips", "resets", "no-http"],
)
def test_what_a_receiver_does_becomes_one_sentence(
    receiver: Receiver, behaviour: Behaviour, problem: str | None, status: int | None
) -> None:
    receiver.script = [behaviour]
    started = time.monotonic()
    found = sent_to(receiver.url)

    assert (found.problem, found.status) == (problem, status)
    assert time.monotonic() - started < 2.0


def test_nobody_is_sent_on(receiver: Receiver) -> None:
    receiver.script = [answer(307, location=receiver.url + "/other"), answer(302, location="/elsewhere")]

    assert "nobody is sent on" in str(sent_to(receiver.url).problem)
    assert "nobody is sent on" in str(sent_to(receiver.url).problem)
    assert (len(receiver.received), receiver.followed) == (2, [])


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("120", 120.0),
        (format_datetime((NOON + timedelta(hours=1)).astimezone(UTC), usegmt=True), 3599.877),
        (format_datetime((NOON - timedelta(hours=1)).astimezone(UTC), usegmt=True), 0.0),
        ("soon", None),
        ("-5", None),
        ("9" * 400, 999_999_999.0),
    ],
)
def test_when_to_come_back_is_read_in_both_forms(receiver: Receiver, text: str, seconds: float | None) -> None:
    receiver.script = [answer(429, retry_after=text)]
    found = sent_to(receiver.url)

    assert found.status == 429
    assert found.retry_after_s == (None if seconds is None else pytest.approx(seconds))


def test_an_address_that_nobody_allowed_is_not_even_connected_to(receiver: Receiver) -> None:
    found = sent_to(receiver.url, Poster(timeout_s=0.5))

    assert "may not ask" in str(found.problem)
    assert receiver.received == []


def test_a_name_that_turns_out_to_be_elsewhere_is_not_asked_without_tls(
    receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`localhost` passes when it is typed; where it leads is seen when it is asked."""
    module = "miniprogram_server.notifying.webhook.addresses_of"
    monkeypatch.setattr(module, lambda *_: ["8.8.8.8"])

    assert "by https only" in str(sent_to(f"http://localhost:{receiver.server_port}/").problem)


def test_a_certificate_that_is_not_trusted_is_not_talked_to(receiver: Receiver) -> None:
    found = sent_to(receiver.url.replace("http:", "https:"))

    assert str(found.problem).startswith("TLS failed") or "ended" in str(found.problem)
    assert receiver.received == []


def test_nothing_listens(receiver: Receiver) -> None:
    port = receiver.server_port
    receiver.shutdown()
    receiver.server_close()

    assert sent_to(f"http://127.0.0.1:{port}/").problem == "connection refused"
