"""A server whose certificate a company signs itself: good for `cloud doctor` exactly where publishing works."""

from __future__ import annotations

import socket
import socketserver
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.parse import urlsplit

import pytest

from miniprogram.errors import MiniProgramError, UsageError
from miniprogram_s3.checks import store_checks
from miniprogram_s3.s3_store import S3ObjectStore

HERE = Path(__file__).parents[1] / "server" / "serving"
CERTIFICATE, KEY = HERE / "certificate.pem", HERE / "key.pem"


class _Terminator(socketserver.ThreadingTCPServer):
    """Ends TLS, and passes the bytes of each connection on to a server that speaks none."""

    daemon_threads = True

    def __init__(self, upstream: tuple[str, int]) -> None:
        self.upstream = upstream
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.context.load_cert_chain(CERTIFICATE, KEY)
        super().__init__(("127.0.0.1", 0), _Connection)


class _Connection(socketserver.BaseRequestHandler):
    server: _Terminator

    def handle(self) -> None:
        with (
            suppress(OSError),
            self.server.context.wrap_socket(self.request, server_side=True) as near,
            socket.create_connection(self.server.upstream) as far,
        ):
            back = Thread(target=_pass_on, args=(far, near), daemon=True)
            back.start()
            _pass_on(near, far)
            back.join(5)


def _pass_on(source: socket.socket, target: socket.socket) -> None:
    with suppress(OSError):
        while body := source.recv(65_536):
            target.sendall(body)
        target.shutdown(socket.SHUT_WR)


@contextmanager
def tls_before(upstream: str) -> Iterator[str]:
    """A server with a certificate of its own before `upstream`; its base URL."""
    parts = urlsplit(upstream)
    with _Terminator((parts.hostname or "", parts.port or 80)) as server:
        running = Thread(target=server.serve_forever, daemon=True)
        running.start()
        yield f"https://127.0.0.1:{server.server_address[1]}"
        server.shutdown()
        running.join()


@pytest.fixture
def private(moto_account: Any) -> Iterator[str]:
    """Where moto is reached with a certificate that nobody here knows."""
    moto_account.make_bucket()
    with tls_before(moto_account.endpoint_url) as url:
        yield url


WAYS = ["option", "variable", "profile"]


def named(account: Any, url: str, way: str | None) -> tuple[Any, Any]:
    """Settings and clients that know the certificate in one way."""
    settings = account.settings(endpoint_url=url, ca_bundle=CERTIFICATE if way == "option" else None)
    environ = {"AWS_CA_BUNDLE": str(CERTIFICATE)} if way == "variable" else {}
    if way == "profile":
        (account.home / ".aws").mkdir()
        (account.home / ".aws" / "config").write_text(f"[default]\nca_bundle = {CERTIFICATE}\n")
    return settings, account.clients_class(settings, account.context(**environ))


@pytest.mark.parametrize("way", WAYS)
def test_publishing_works_where_doctor_says_so(moto_account: Any, private: str, way: str) -> None:
    settings, clients = named(moto_account, private, way)

    assert {check.label: check.status for check in store_checks(settings, clients)} == {
        "Bucket": "ok",
        "Bucket versions": "ok",
        "Conditional writes": "ok",
    }
    store = S3ObjectStore.of(settings, clients)
    etag = store.put("a/b.json", b"{}", content_type="application/json", if_absent=True)
    found = store.get("a/b.json")
    assert found is not None
    assert (found.body, found.etag) == (b"{}", etag)


def test_without_the_certificate_nothing_is_sent_and_the_option_is_named(moto_account: Any, private: str) -> None:
    settings, clients = named(moto_account, private, None)

    found = {check.label: check for check in store_checks(settings, clients)}
    assert found["Bucket"].status == "error"
    assert "certificate is not trusted" in found["Bucket"].summary
    with pytest.raises(MiniProgramError, match="certificate is not trusted") as told:
        S3ObjectStore.of(settings, clients).put("a", b"")
    assert "--ca-bundle" in str(told.value.hint)


def test_a_file_that_is_not_there_is_named(moto_account: Any, tmp_path: Path) -> None:
    clients = moto_account.clients(ca_bundle=tmp_path / "gone.pem")

    with pytest.raises(UsageError, match=r"gone\.pem is not there"):
        clients.s3.list_buckets()


def test_a_new_bucket_refuses_requests_without_tls_where_the_server_has_it(
    moto_account: Any, private: str
) -> None:
    from miniprogram_s3.bucket import Bucket

    _, clients = named(moto_account, private, "option")
    bucket = Bucket(f"{moto_account.bucket}-tls", clients)

    said = list(bucket.create(kms_key_id=None))

    assert "refuses requests without TLS" in said[-1]
    policy = clients.s3.get_bucket_policy(Bucket=bucket.name)["Policy"]
    assert '"aws:SecureTransport": "false"' in policy
    over_http = list(Bucket(f"{moto_account.bucket}-http", moto_account.clients()).create(kms_key_id=None))
    assert "TLS" not in over_http[-1]
