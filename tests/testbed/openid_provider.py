"""An OpenID Connect provider on this machine, over real HTTP: it signs people in, and lies when it is told to."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import secrets
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import KeySet, RSAKey

CLIENT, SECRET = "releases", "a secret of the client"


@dataclass
class OpenIdProvider:
    """What it answers. `people` are claims by login; `lie` changes those of an ID token before it is signed."""

    people: dict[str, dict[str, Any]] = field(default_factory=dict)
    issuer: str = ""
    lie: Callable[[dict[str, Any]], None] = lambda claims: None
    sign: str = "RS256"
    """`none` and `HS256` are what no provider should send."""
    is_down: bool = False
    thin: bool = False
    """Whether the ID token says nothing but who it is, and the rest has to be asked for."""
    tells_issuer: bool = True
    metadata_more: dict[str, Any] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    keys: list[RSAKey] = field(default_factory=list)
    _codes: dict[str, dict[str, str]] = field(default_factory=dict)
    _access: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.keys = [_first_key()]

    def rotate(self) -> None:
        """Sign with a new key from now on, and forget the old one."""
        self.keys = [RSAKey.generate_key(2048, {"kid": secrets.token_hex(4), "use": "sig"})]

    def metadata(self) -> dict[str, Any]:
        at = self.issuer
        return {
            "issuer": at, "authorization_endpoint": f"{at}/authorize", "token_endpoint": f"{at}/token",
            "jwks_uri": f"{at}/keys", "userinfo_endpoint": f"{at}/userinfo",
            "end_session_endpoint": f"{at}/sign-out", "response_types_supported": ["code"],
            "subject_types_supported": ["public"], "id_token_signing_alg_values_supported": ["RS256"],
            "code_challenge_methods_supported": ["S256"],
            "token_endpoint_auth_methods_supported": ["client_secret_basic"],
            "authorization_response_iss_parameter_supported": self.tells_issuer, **self.metadata_more,
        }  # fmt: skip

    def authorize(self, asked: dict[str, str]) -> str:
        """Where a browser goes back to, after `login` signed in."""
        assert asked["response_type"] == "code"
        assert asked["code_challenge_method"] == "S256"
        assert "openid" in asked["scope"].split()
        code = secrets.token_urlsafe(16)
        self._codes[code] = asked
        said = {"code": code, "state": asked["state"], **({"iss": self.issuer} if self.tells_issuer else {})}
        return f"{asked['redirect_uri']}?{urlencode(said)}"

    def token(self, sent: dict[str, str], authorization: str) -> tuple[int, dict[str, Any]]:
        wanted = base64.b64encode(f"{CLIENT}:{SECRET.replace(' ', '+')}".encode()).decode()
        plain = base64.b64encode(f"{CLIENT}:{SECRET}".encode()).decode()
        if authorization not in (f"Basic {wanted}", f"Basic {plain}"):
            return 401, {"error": "invalid_client"}
        asked = self._codes.pop(sent.get("code", ""), None)
        challenge = base64.urlsafe_b64encode(hashlib.sha256(sent.get("code_verifier", "").encode()).digest())
        if asked is None or challenge.decode().rstrip("=") != asked["code_challenge"]:
            return 400, {"error": "invalid_grant"}
        if sent.get("redirect_uri") != asked["redirect_uri"]:
            return 400, {"error": "invalid_grant"}
        access = secrets.token_urlsafe(16)
        self._access[access] = asked["login"]
        return 200, {"access_token": access, "token_type": "Bearer", "id_token": self._id_token(asked)}

    def userinfo(self, authorization: str) -> tuple[int, dict[str, Any]]:
        login = self._access.get(authorization.removeprefix("Bearer "))
        return (401, {"error": "invalid_token"}) if login is None else (200, self.people[login])

    def _id_token(self, asked: dict[str, str]) -> str:
        now = int(time.time())
        person = self.people[asked["login"]]
        claims = {"iss": self.issuer, "aud": CLIENT, "iat": now, "exp": now + 300, "nonce": asked["nonce"]}
        claims |= {"sub": person["sub"]} if self.thin else person
        self.lie(claims)
        if self.sign == "none":
            parts = ({"alg": "none"}, claims)
            return ".".join(_encoded(json.dumps(each).encode()) for each in parts) + "."
        if self.sign == "HS256":  # with what everybody can read as the secret
            header = {"alg": "HS256", "kid": self.keys[0].kid}
            signed = ".".join(_encoded(json.dumps(each).encode()) for each in (header, claims))
            return (
                f"{signed}.{_encoded(hmac.digest(self.keys[0].as_pem(private=False), signed.encode(), 'sha256'))}"
            )
        return jwt.encode({"alg": self.sign, "kid": self.keys[0].kid}, claims, self.keys[0])


@cache
def _first_key() -> RSAKey:
    """Making one takes a while."""
    return RSAKey.generate_key(2048, {"kid": "first", "use": "sig"})


def _encoded(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).decode().rstrip("=")


class _Handler(BaseHTTPRequestHandler):
    provider: OpenIdProvider

    def do_GET(self) -> None:
        address = urlsplit(self.path)
        asked = {name: values[-1] for name, values in parse_qs(address.query).items()}
        provider = self.provider
        provider.asked.append(address.path)
        if provider.is_down:
            return self._send(503, b"down")
        if address.path == "/authorize":
            return self._authorize(asked)
        authorization = self.headers.get("authorization", "")
        documents: dict[str, Callable[[], tuple[int, dict[str, Any]]]] = {
            "/.well-known/openid-configuration": lambda: (200, provider.metadata()),
            "/keys": lambda: (200, dict(KeySet(list(provider.keys)).as_dict(private=False))),
            "/userinfo": lambda: provider.userinfo(authorization),
        }
        if address.path in documents:
            return self._json(*documents[address.path]())
        return self._send(200, b"<!doctype html><title>Out</title><h1>Signed out</h1>", "text/html")

    def _authorize(self, asked: dict[str, str]) -> None:
        if asked.get("login") not in self.provider.people:
            return self._send(200, _page(asked, self.provider.people).encode(), "text/html")
        self.send_response(302)
        self.send_header("location", self.provider.authorize(asked))
        self.send_header("content-length", "0")
        self.end_headers()
        return None

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("content-length", "0"))).decode()
        self.provider.asked.append(self.path)
        if self.provider.is_down:
            return self._send(503, b"down")
        sent = {name: values[-1] for name, values in parse_qs(body).items()}
        return self._json(*self.provider.token(sent, self.headers.get("authorization", "")))

    def _json(self, status: int, value: dict[str, Any]) -> None:
        self._send(status, json.dumps(value).encode())

    def _send(self, status: int, body: bytes, kind: str = "application/json") -> None:
        self.send_response(status)
        self.send_header("content-type", kind)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args: object) -> None:
        """Nobody reads it."""


@contextmanager
def openid_provider() -> Iterator[OpenIdProvider]:
    """It listens on a free port of this machine until the block ends."""
    provider = OpenIdProvider()
    handler = type("Handler", (_Handler,), {"provider": provider})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    provider.issuer = f"http://127.0.0.1:{server.server_address[1]}"
    try:
        yield provider
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def _page(asked: dict[str, str], people: dict[str, dict[str, Any]]) -> str:
    hidden = "".join(f'<input type="hidden" name="{escape(k)}" value="{escape(v)}">' for k, v in asked.items())
    buttons = "".join(f'<button name="login" value="{escape(each)}">{escape(each)}</button>' for each in people)
    return f"<!doctype html><title>Provider</title><form action='/authorize'>{hidden}{buttons}</form>"
