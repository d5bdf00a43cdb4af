"""TLS on a connection, and what a handshake may take. The certificate is for tests and for nothing else."""

from __future__ import annotations

import contextlib
import dataclasses
import socket
import ssl
import time
from pathlib import Path

import pytest

from miniprogram.errors import UsageError
from miniprogram_server.serving.tls import tls_context
from plugins.server.serving.conftest import SHORT, Running, Serve, read_all

pytestmark = pytest.mark.slow

HERE = Path(__file__).parent
CERTIFICATE, KEY, OTHER_KEY = HERE / "certificate.pem", HERE / "key.pem", HERE / "other_key.pem"


def client_context() -> ssl.SSLContext:
    return ssl.create_default_context(cafile=str(CERTIFICATE))


def ask(running: Running, sent: bytes, context: ssl.SSLContext | None = None) -> bytes:
    with (context or client_context()).wrap_socket(running.connect(), server_hostname="127.0.0.1") as client:
        client.sendall(sent)
        return read_all(client)


def test_requests_are_answered_over_tls(serve: Serve) -> None:
    running = serve(tls=tls_context(CERTIFICATE, KEY))
    body = b"x" * 300_000
    head = b"POST /quick HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: %d\r\n\r\n" % len(body)
    assert b'["/quick", 300000]' in ask(running, head + body)
    first, second = (
        b"GET /1 HTTP/1.1\r\nHost: a\r\n\r\n",
        b"GET /2 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
    )
    answer = ask(running, first + second)
    assert (answer.index(b'"/1"') < answer.index(b'"/2"'), answer.count(b"200 OK")) == (True, 2)
    assert len(ask(running, b"GET /large HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")) > 8_000_000


def test_old_versions_and_plain_http_are_refused(serve: Serve) -> None:
    running = serve(tls=tls_context(CERTIFICATE, KEY))
    old = client_context()
    old.minimum_version = ssl.TLSVersion.MINIMUM_SUPPORTED
    with pytest.warns(DeprecationWarning, match="TLSv1_1"):
        old.maximum_version = ssl.TLSVersion.TLSv1_1
    with pytest.raises(ssl.SSLError):
        ask(running, b"", old)
    assert b"HTTP/" not in running.ask(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n")
    assert b"200 OK" in ask(running, b"GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")


def test_handshakes_that_do_not_end_are_ended(serve: Serve) -> None:
    running = serve(tls=tls_context(CERTIFICATE, KEY))
    clients = [running.connect() for _ in range(10)]
    for client in clients[:5]:
        client.sendall(b"\x16\x03\x01")
    began = time.monotonic()
    assert [read_all(client) for client in clients] == [b""] * 10
    assert time.monotonic() - began < 4
    assert b"200 OK" in ask(running, b"GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")


def test_unfinished_handshakes_keep_nobody_out(serve: Serve) -> None:
    slow = dataclasses.replace(SHORT, handshake_s=30.0)
    running = serve(limits=slow, tls=tls_context(CERTIFICATE, KEY))
    for number in range(120):
        running.connect(f"127.0.0.{2 + number}").sendall(b"\x16\x03\x01")
    time.sleep(0.3)
    assert len(running.server.connections) <= slow.connections
    for _ in range(5):
        assert b"200 OK" in ask(running, b"GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")


def test_who_leaves_during_the_handshake_is_forgotten(serve: Serve) -> None:
    running = serve(tls=tls_context(CERTIFICATE, KEY))
    for _ in range(20):
        client = running.connect()
        with contextlib.suppress(OSError):
            client.sendall(b"\x16\x03\x01\x00\x05hello")
            client.shutdown(socket.SHUT_RDWR)
        client.close()
    deadline = time.monotonic() + 5
    while len(running.server.connections) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert len(running.server.connections) == 0


@pytest.mark.parametrize(
    ("certificate", "key", "words"),
    [
        (HERE / "missing.pem", KEY, "missing.pem is not a file"),
        (CERTIFICATE, HERE / "missing.pem", "missing.pem is not a file"),
        (CERTIFICATE, OTHER_KEY, "the key does not belong to the certificate"),
        (CERTIFICATE, CERTIFICATE, "no certificate and key"),
        (CERTIFICATE, None, "no certificate and key"),
        (Path(__file__), KEY, "no certificate and key"),
    ],
    ids=["no certificate", "no key", "another key", "a certificate as key", "no key anywhere", "no PEM"],
)
def test_what_cannot_be_used_is_said_in_a_sentence(certificate: Path, key: Path | None, words: str) -> None:
    with pytest.raises(UsageError, match=words):
        tls_context(certificate, key)


def test_an_encrypted_key_asks_nobody(tmp_path: Path) -> None:
    encrypted = tmp_path / "key.pem"
    encrypted.write_text((HERE / "encrypted_key.pem").read_text())
    with pytest.raises(UsageError, match="encrypted"):
        tls_context(CERTIFICATE, encrypted)
