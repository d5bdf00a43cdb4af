"""One POST: signed so that a stranger can check it, to no address that is not allowed, and never for long."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import socket
import ssl
import threading
import time
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

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


def certificate(folder: Path, name: str) -> tuple[Path, Path]:
    """A certificate for `name` that nobody but itself vouches for, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    made = x509.CertificateBuilder().subject_name(subject).issuer_name(subject).public_key(key.public_key())
    made = made.serial_number(1).not_valid_before(datetime.now(UTC) - timedelta(days=1))
    made = made.not_valid_after(datetime.now(UTC) + timedelta(days=1))
    made = made.add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
    chain, private = folder / "chain.pem", folder / "key.pem"
    chain.write_bytes(made.sign(key, SHA256()).public_bytes(Encoding.PEM))
    private.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    return chain, private


@pytest.fixture
def over_tls(receiver: Receiver, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Receiver, Path]:
    """A receiver called hooks.example.com that speaks TLS, and its certificate."""
    chain, key = certificate(tmp_path, "hooks.example.com")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(chain, key)
    receiver.socket = context.wrap_socket(receiver.socket, server_side=True)
    monkeypatch.setattr("miniprogram_server.notifying.webhook.addresses_of", lambda *_: ["127.0.0.1"])
    return receiver, chain


@pytest.mark.parametrize(
    ("trusts", "name", "problem"),
    [
        (True, "hooks.example.com", None),
        (True, "other.example.com", "TLS failed: CERTIFICATE_VERIFY_FAILED"),
        (False, "hooks.example.com", "TLS failed: CERTIFICATE_VERIFY_FAILED"),
    ],
    ids=["its own", "of another name", "of nobody known"],
)
def test_only_a_certificate_that_holds_is_talked_to(
    over_tls: tuple[Receiver, Path], trusts: bool, name: str, problem: str | None
) -> None:
    receiver, chain = over_tls
    post = Poster(tls=ssl.create_default_context(cafile=str(chain)) if trusts else None, timeout_s=5)

    found = sent_to(f"https://{name}:{receiver.server_port}/hook", post)

    assert found.problem == problem
    assert len(receiver.received) == (0 if problem else 1)


def test_a_receiver_that_drips_its_handshake_keeps_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("miniprogram_server.notifying.webhook.addresses_of", lambda *_: ["127.0.0.1"])
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def drips() -> None:
            connection, _ = listener.accept()
            with connection, suppress(OSError):
                connection.sendall(b"\x16\x03\x03\x40\x00")  # the beginning of a record of 16 KiB
                while True:
                    connection.sendall(b"\x02")
                    time.sleep(0.05)

        threading.Thread(target=drips, daemon=True).start()
        started = time.monotonic()
        found = sent_to(f"https://hooks.example.com:{listener.getsockname()[1]}/")

    assert found.problem == "no answer within 0.5 s"
    assert time.monotonic() - started < 2.0


def test_nothing_listens(receiver: Receiver) -> None:
    port = receiver.server_port
    receiver.shutdown()
    receiver.server_close()

    assert sent_to(f"http://127.0.0.1:{port}/").problem == "connection refused"
