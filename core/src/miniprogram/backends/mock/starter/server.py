"""A mock publisher backend: the business API your mini-program talks to while you develop it.

Run it with `miniprogram publisher-backend run`, or by hand: `python server.py --port 9090`.
Data is read from `data/*.json` at every request, so edits show at once. Redemptions and accounts live in memory
and are gone when the server stops.
"""

from __future__ import annotations

import argparse
import json
import secrets
import threading
from collections.abc import Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from publisher_routes import MAX_BODY_BYTES, Backend, Redemption, Reply, Request, encode, handle

SESSION_SECONDS = 3600


class FileStore:
    """Documents from a folder, redemptions in memory."""

    def __init__(self, data_root: Path) -> None:
        self._data_root = data_root
        self._redeemed: dict[tuple[str, str], str] = {}
        self._lock = threading.Lock()

    def home(self) -> Mapping[str, Any] | None:
        return self._read("home_bootstrap.json")

    def session(self) -> Mapping[str, Any] | None:
        return self._read("session.json")

    def coupons(self) -> list[Mapping[str, Any]] | None:
        document = self._read("coupons_list.json")
        listed = document.get("coupons") if document else None
        return [one for one in listed if isinstance(one, dict)] if isinstance(listed, list) else None

    def coupon(self, coupon_id: str) -> Mapping[str, Any] | None:
        return next((one for one in self.coupons() or [] if one.get("id") == coupon_id), None)

    def redeem(self, user_id: str, coupon_id: str, at: str) -> Redemption:
        with self._lock:
            first = (user_id, coupon_id) not in self._redeemed
            return Redemption(first, self._redeemed.setdefault((user_id, coupon_id), at))

    def _read(self, name: str) -> Mapping[str, Any] | None:
        try:
            document = json.loads((self._data_root / name).read_text("utf-8"))
        except (OSError, ValueError):
            return None
        return document if isinstance(document, dict) else None


class Accounts:
    """E-mail accounts for trying out sign-in. Passwords stay in memory; never copy this into production."""

    def __init__(self) -> None:
        self._passwords: dict[str, str] = {}
        self._tokens: dict[str, str] = {}
        self._lock = threading.Lock()

    def sign_up(self, body: Mapping[str, Any]) -> Reply:
        email, password = str(body.get("email") or "").strip(), str(body.get("password") or "")
        if "@" not in email or len(password) < 6:
            return _failure(
                400, "auth_validation_failed", "An e-mail address and 6 characters of password, please."
            )
        with self._lock:
            if email in self._passwords:
                return _failure(409, "auth_failed", "There is an account with this e-mail address.")
            self._passwords[email] = password
            return self._session(email)

    def sign_in(self, body: Mapping[str, Any]) -> Reply:
        email, password = str(body.get("email") or "").strip(), str(body.get("password") or "")
        with self._lock:
            known = self._passwords.get(email)
            if known is None or not secrets.compare_digest(known.encode(), password.encode()):
                return _failure(401, "auth_failed", "E-mail address or password is wrong.")
            return self._session(email)

    def refresh(self, body: Mapping[str, Any]) -> Reply:
        with self._lock:
            email = self._tokens.pop(str(body.get("refreshToken") or ""), None)
            if email is None:
                return _failure(401, "auth_refresh_failed", "The refresh token is unknown.")
            return self._session(email)

    def sign_out(self, body: Mapping[str, Any]) -> Reply:
        with self._lock:
            self._tokens.pop(str(body.get("refreshToken") or ""), None)
        return Reply(200, {"authenticated": False})

    def _session(self, email: str) -> Reply:
        refresh_token = secrets.token_urlsafe(24)
        self._tokens[refresh_token] = email
        user = {"uid": "user-" + email.replace("@", "-at-"), "email": email}
        tokens = {
            "idToken": secrets.token_urlsafe(24),
            "refreshToken": refresh_token,
            "expiresIn": SESSION_SECONDS,
        }
        return Reply(200, {"authenticated": True, "user": user, **tokens})


def make_backend(data_root: Path) -> Backend:
    """The backend over `data_root`. Add your own routes to `extra_routes`."""
    accounts = Accounts()
    return Backend(
        store=FileStore(data_root),
        service="mini_program_mock_publisher_backend",
        missing_code="mock_data_missing",
        extra_routes={
            ("POST", "/auth/email/sign-up"): accounts.sign_up,
            ("POST", "/auth/email/sign-in"): accounts.sign_in,
            ("POST", "/auth/refresh"): accounts.refresh,
            ("POST", "/auth/sign-out"): accounts.sign_out,
        },
    )


def make_handler(backend: Backend) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        timeout = 30

        def answer(self) -> None:
            length = self.headers.get("content-length", "0")
            size = int(length) if length.isdecimal() else MAX_BODY_BYTES + 1
            too_large = size > MAX_BODY_BYTES or "transfer-encoding" in self.headers
            body = b"x" * (MAX_BODY_BYTES + 1) if too_large else self.rfile.read(size)
            self.close_connection = self.close_connection or too_large
            status, headers, payload = encode(handle(backend, Request(self.command, self.path, body)))
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("content-length", str(len(payload)))
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(payload)

        do_GET = do_HEAD = do_POST = do_PUT = do_PATCH = do_DELETE = do_OPTIONS = answer  # noqa: N815

    return Handler


def _failure(status: int, code: str, message: str) -> Reply:
    return Reply(status, {"errorCode": code, "message": message, "authenticated": False})


def main() -> None:
    parser = argparse.ArgumentParser(description="Serve the mock publisher backend.")
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on")
    parser.add_argument("--port", type=int, default=9090)
    parser.add_argument("--data-root", type=Path, default=Path(__file__).parent / "data")
    options = parser.parse_args()
    server = ThreadingHTTPServer((options.host, options.port), make_handler(make_backend(options.data_root)))
    print(f"Mock publisher backend on http://{options.host}:{server.server_port}/", flush=True)  # noqa: T201
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        pass
    finally:
        server.server_close()


if __name__ == "__main__":
    main()
