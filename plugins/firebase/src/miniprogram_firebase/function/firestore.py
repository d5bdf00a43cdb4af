"""Documents of a Firestore database, over its REST interface and with the standard library only.

On Google Cloud the function's own service account signs its requests. With FIRESTORE_EMULATOR_HOST they go to an
emulator instead. Delivery on Cloud Run and generated publisher backends have this file, as it is.
"""

from __future__ import annotations

import http.client
import json
import threading
import time
import weakref
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

SERVICE = "https://firestore.googleapis.com"
METADATA = "metadata.google.internal"
TOKEN_PATH = "/computeMetadata/v1/instance/service-accounts/default/token"  # noqa: S105 - an address
TIMEOUT_S = 5.0
PAGE = 300
MOST_IDLE = 16
"""Connections that stay open while nobody asks."""
MARGIN_S = 60
"""A token is renewed this long before it ends."""

Fields = dict[str, Any]


class FirestoreError(Exception):
    """The database refused, or is out of reach. `status` is Google's word, such as PERMISSION_DENIED."""

    def __init__(self, status: str, message: str = "") -> None:
        super().__init__(f"{status}: {message}" if message else status)
        self.status = status


class Firestore:
    """The documents of a database. Safe to use from many threads; nothing connects before it is asked."""

    def __init__(
        self,
        environ: Mapping[str, str],
        database: str = "(default)",
        *,
        token: Callable[[], str] | None = None,
    ) -> None:
        """`token` gives an access token where this runs as somebody else than the account of an instance."""
        emulator = environ.get("FIRESTORE_EMULATOR_HOST", "").strip()
        named = environ.get("CLOUDSDK_API_ENDPOINT_OVERRIDES_FIRESTORE", "").strip()
        self._connections = _Connections(named or (f"http://{emulator}" if emulator else SERVICE))
        self._token = token or ((lambda: "owner") if emulator else _Tokens(environ).current)
        self._project = environ.get("GOOGLE_CLOUD_PROJECT", "").strip()
        self._database = database

    def get(self, path: str) -> Fields | None:
        """The fields of the document at `path`, or None."""
        try:
            return decoded(self._ask("GET", f"/{quote(path)}").get("fields", {}))
        except FirestoreError as error:
            if error.status == "NOT_FOUND":
                return None
            raise

    def documents(self, collection: str) -> Iterator[tuple[str, Fields]]:
        """Id and fields of every document of a collection, in order of ids."""
        token = ""
        while True:
            query = urlencode({"pageSize": PAGE, **({"pageToken": token} if token else {})})
            page = self._ask("GET", f"/{quote(collection)}?{query}")
            for each in page.get("documents", ()):
                yield each["name"].rsplit("/", 1)[1], decoded(each.get("fields", {}))
            token = page.get("nextPageToken", "")
            if not token:
                return

    def get_many(self, paths: Sequence[str]) -> list[Fields | None]:
        """The fields of the documents at `paths`, all as they were at one moment."""
        return self._read(paths, {})[1]

    def begin(self, paths: Sequence[str]) -> tuple[str, list[Fields | None]]:
        """Begin a transaction that has read the documents at `paths`: its key, and their fields."""
        return self._read(paths, {"newTransaction": {"readWrite": {}}})

    def commit(self, transaction: str, writes: Sequence[Mapping[str, Any]]) -> None:
        """End a transaction with `writes`: all, or none. `written` and `created` make them.

        Raises FirestoreError ABORTED or ALREADY_EXISTS when somebody else was there meanwhile.
        """
        self._ask("POST", ":commit", {"writes": list(writes), "transaction": transaction})

    def written(self, path: str, fields: Mapping[str, Any]) -> dict[str, Any]:
        """A write that makes or replaces the document at `path`."""
        named = {name: encoded(value) for name, value in fields.items()}
        return {"update": {"name": self._name(path), "fields": named}}

    def created(self, path: str, fields: Mapping[str, Any], *, stamp: str) -> dict[str, Any]:
        """A write that makes a document which is not there, with the time of the server in its field `stamp`."""
        return {
            **self.written(path, fields),
            "updateTransforms": [{"fieldPath": stamp, "setToServerValue": "REQUEST_TIME"}],
            "currentDocument": {"exists": False},
        }

    def roll_back(self, transaction: str) -> None:
        """End a transaction without a change."""
        self._ask("POST", ":rollback", {"transaction": transaction})

    def _read(self, paths: Sequence[str], how: Mapping[str, Any]) -> tuple[str, list[Fields | None]]:
        names = [self._name(path) for path in paths]
        answers: Any = self._ask("POST", ":batchGet", {"documents": names, **how})
        key = next((each["transaction"] for each in answers if "transaction" in each), "")
        found = {each["found"]["name"]: each["found"].get("fields", {}) for each in answers if "found" in each}
        return key, [decoded(found[name]) if name in found else None for name in names]

    def _name(self, path: str) -> str:
        return f"projects/{self._project}/databases/{self._database}/documents/{path}"

    def _ask(self, method: str, rest: str, body: Mapping[str, Any] | None = None) -> dict[str, Any]:
        if not self._project:
            raise FirestoreError("FAILED_PRECONDITION", "GOOGLE_CLOUD_PROJECT is not set")
        headers = {"authorization": f"Bearer {self._token()}", "content-type": "application/json"}
        target = f"/v1/projects/{self._project}/databases/{self._database}/documents{rest}"
        status, answer = self._send(method, target, headers, json.dumps(body).encode() if body else None)
        document = json.loads(answer) if answer.strip() else {}
        if status >= 300:
            error = document.get("error", {}) if isinstance(document, dict) else {}
            raise FirestoreError(str(error.get("status") or f"HTTP_{status}"), str(error.get("message", "")))
        return document

    def _send(self, method: str, target: str, headers: Mapping[str, str], body: bytes | None) -> tuple[int, bytes]:
        """One request. An idle connection that the other side has closed is replaced by a fresh one."""
        idle = self._connections.take()
        try:
            if idle is not None:
                try:
                    return self._exchange(idle, method, target, headers, body)
                except (http.client.RemoteDisconnected, ConnectionResetError, BrokenPipeError):
                    idle.close()
            return self._exchange(self._connections.fresh(), method, target, headers, body)
        except (OSError, http.client.HTTPException) as error:
            raise FirestoreError("UNAVAILABLE", type(error).__name__) from None

    def _exchange(
        self,
        connection: http.client.HTTPConnection,
        method: str,
        target: str,
        headers: Mapping[str, str],
        body: bytes | None,
    ) -> tuple[int, bytes]:
        try:
            connection.request(method, target, body, dict(headers))
            answer = connection.getresponse()
            content = answer.read()
        except BaseException:
            connection.close()
            raise
        self._connections.give_back(connection)
        return answer.status, content


class _Connections:
    """Open connections to the service that nobody uses now. Safe to use from many threads."""

    def __init__(self, address: str) -> None:
        parts = urlsplit(address)
        self._kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
        self._server = parts.netloc
        self._idle: list[http.client.HTTPConnection] = []
        self._lock = threading.Lock()
        weakref.finalize(self, _close_all, self._idle)

    def take(self) -> http.client.HTTPConnection | None:
        with self._lock:
            return self._idle.pop() if self._idle else None

    def fresh(self) -> http.client.HTTPConnection:
        return self._kind(self._server, timeout=TIMEOUT_S)

    def give_back(self, connection: http.client.HTTPConnection) -> None:
        with self._lock:
            if len(self._idle) < MOST_IDLE:
                self._idle.append(connection)
                return
        connection.close()


class _Tokens:
    """Tokens of the service account this runs as, from the metadata server. Safe to use from many threads."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self._host = environ.get("GCE_METADATA_HOST", "").strip() or METADATA
        self._lock = threading.Lock()
        self._token, self._ends_at = "", 0.0

    def current(self) -> str:
        with self._lock:
            if time.monotonic() >= self._ends_at:
                self._renew()
            return self._token

    def _renew(self) -> None:
        connection = http.client.HTTPConnection(self._host, timeout=TIMEOUT_S)
        try:
            connection.request("GET", TOKEN_PATH, headers={"Metadata-Flavor": "Google"})
            answer = connection.getresponse()
            document = json.loads(answer.read())
            self._token = str(document["access_token"])
            self._ends_at = time.monotonic() + float(document["expires_in"]) - MARGIN_S
        except (OSError, http.client.HTTPException, ValueError, KeyError, TypeError) as error:
            raise FirestoreError("UNAUTHENTICATED", f"there is no token: {type(error).__name__}") from None
        finally:
            connection.close()


def _close_all(connections: list[http.client.HTTPConnection]) -> None:
    while connections:
        connections.pop().close()


def encoded(value: Any) -> dict[str, Any]:
    """A text, a number, a truth value or None as Firestore writes it."""
    if value is None:
        return {"nullValue": "NULL_VALUE"}
    if isinstance(value, bool):
        return {"booleanValue": value}
    if isinstance(value, int):
        return {"integerValue": str(value)}
    if isinstance(value, float):
        return {"doubleValue": value}
    return {"stringValue": str(value)}


def decoded(fields: Mapping[str, Any]) -> Fields:
    """Fields as JSON can say them: moments, references and bytes as texts, places as objects."""
    return {name: _plain(value) for name, value in fields.items()}


def _plain(value: Mapping[str, Any]) -> Any:
    [(kind, inner)] = value.items()
    if kind == "integerValue":
        return int(inner)
    if kind == "mapValue":
        return decoded(inner.get("fields", {}))
    if kind == "arrayValue":
        return [_plain(each) for each in inner.get("values", ())]
    if kind == "doubleValue" and isinstance(inner, str):
        return None  # NaN and the infinities, which JSON has not
    return inner
