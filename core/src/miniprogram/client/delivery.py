"""What a delivery is asked: the manifest for this host, the index of a package, and files."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import Any
from urllib.parse import quote

import httpx

from miniprogram.client.errors import (
    BrokenDelivery,
    DeliveryRefused,
    DeliveryUnreachable,
    NotDelivered,
    NotSealed,
    Unsigned,
)
from miniprogram.client.host import Endpoint
from miniprogram.client.offers import Offered, Upgrade
from miniprogram.errors import DocumentError, MiniProgramError
from miniprogram.packages.limits import MAX_SCREEN_BYTES
from miniprogram.packages.manifest import Manifest
from miniprogram.packages.package_index import MAX_INDEX_BYTES, PackageIndex, read_index
from miniprogram.sealing.keys import PrivateKeys
from miniprogram.strict_json import parse_json, parse_model, require_object

OK = 200
MAX_ERROR_BYTES = 64 * 1024
METADATA = "deliveryMetadata"


class Delivery:
    """One endpoint, asked by `http`."""

    def __init__(self, endpoint: Endpoint, http: httpx.Client) -> None:
        self._endpoint, self._http = endpoint, http

    def latest(self, program_id: str, query: Mapping[str, str]) -> Offered:
        """The manifest for this host.

        Raises DeliveryUnreachable, DeliveryRefused with delivery's own code, and BrokenDelivery.
        """
        body = self._read(f"manifests/{program_id}/latest.json", query, max_bytes=MAX_SCREEN_BYTES)
        name = f"the manifest of {program_id}"
        try:
            members = dict(require_object(parse_json(body, name=name), name=name))
            metadata = members.pop(METADATA, None)
            told = metadata.get("upgrade") if isinstance(metadata, dict) else None
            upgrade = parse_model(Upgrade, told, name=f"{name}: upgrade") if told is not None else Upgrade()
            manifest = parse_model(Manifest, members, name=name)
        except DocumentError as error:
            raise BrokenDelivery(str(error)) from error
        if manifest.id != program_id:
            raise BrokenDelivery(f"{self._endpoint.base_url} sent the manifest of {manifest.id} for {program_id}")
        return Offered(manifest, members, upgrade)

    def index(self, program_id: str, version: str) -> PackageIndex:
        """The index of a version's package. Raises NotDelivered for a version without one, and as `latest`."""
        body = self._index_body(program_id, version)
        try:
            index = read_index(body, name=f"the index of {program_id} {version}")
        except DocumentError as error:
            raise BrokenDelivery(str(error)) from error
        if (index.mini_program_id, index.version) != (program_id, version):
            raise BrokenDelivery(
                f"the index of {program_id} {version} is that of {index.mini_program_id} {index.version}"
            )
        if index.sealed is None and self.opens is not None:
            raise NotSealed(f"{program_id} {version} is not sealed, and this host takes sealed versions only")
        return index

    @property
    def is_verified(self) -> bool:
        """Whether the host pins a root: then an index is what was signed, or `index` raises Unsigned."""
        return self._endpoint.verifier is not None

    @property
    def opens(self) -> PrivateKeys | None:
        """The keys that open sealed packages; with any, nothing else is taken."""
        return self._endpoint.opens

    def _index_body(self, program_id: str, version: str) -> bytes:
        verifier = self._endpoint.verifier
        if verifier is None:
            return self.file(package_path(program_id, version, "deltas.json"), max_bytes=MAX_INDEX_BYTES)
        try:
            return verifier.signed_package_index(program_id, version)
        except MiniProgramError as error:
            raise Unsigned(str(error)) from error

    def file(self, path: str, *, max_bytes: int) -> bytes:
        """A file in one piece. Raises NotDelivered when it is not there, and as `latest`."""
        try:
            return self._read(path, {}, max_bytes=max_bytes)
        except DeliveryRefused as refusal:
            if refusal.status == httpx.codes.NOT_FOUND:
                raise NotDelivered(f"{self._endpoint.base_url} has no {path}") from refusal
            raise

    @contextmanager
    def stream(self, path: str, headers: Mapping[str, str]) -> Iterator[httpx.Response]:
        """The response to a request for `path`, whatever its status, its body still to be read."""
        with (
            self._reached(path),
            self._http.stream(
                "GET",
                self._endpoint.url(path),
                headers={**self._endpoint.sent_headers(), **headers},
                timeout=self._endpoint.timeout_s,
            ) as response,
        ):
            yield response

    def refusal(self, response: httpx.Response, path: str) -> DeliveryRefused | DeliveryUnreachable:
        """What a response that is no success means. Reads its body."""
        status = response.status_code
        body: Mapping[str, Any] = {}
        with suppress(DocumentError, BrokenDelivery):
            body = require_object(
                parse_json(bounded(response.iter_bytes(), MAX_ERROR_BYTES, path), name=path), name=path
            )
        inner = body.get("error")
        error: Mapping[str, Any] = inner if isinstance(inner, dict) else {}
        code = _text(body.get("errorCode")) or _text(error.get("code")) or "http_error"
        told = _text(body.get("message")) or _text(error.get("message")) or f"answered {status}"
        details = body.get("details", error.get("details"))
        message = f"{self._endpoint.base_url}: {told}"
        if code in ("backend_unreachable", "backend_timeout"):
            return DeliveryUnreachable(message, code=code)
        return DeliveryRefused(
            message, code=code, status=status, details=details if isinstance(details, dict) else {}
        )

    def _read(self, path: str, query: Mapping[str, str], *, max_bytes: int) -> bytes:
        with (
            self._reached(path),
            self._http.stream(
                "GET",
                self._endpoint.url(path),
                params=query or None,
                headers=self._endpoint.sent_headers(),
                timeout=self._endpoint.timeout_s,
            ) as response,
        ):
            if response.status_code != OK:
                raise self.refusal(response, path)
            return bounded(response.iter_bytes(), max_bytes, path)

    @contextmanager
    def _reached(self, path: str) -> Iterator[None]:
        try:
            yield
        except httpx.TimeoutException as error:
            raise DeliveryUnreachable(
                f"{self._endpoint.base_url} gave no answer for {path} in time", code="backend_timeout"
            ) from error
        except httpx.DecodingError as error:
            raise BrokenDelivery(f"{path} came in a form that cannot be read: {error}") from error
        except httpx.HTTPError as error:
            raise DeliveryUnreachable(f"{self._endpoint.base_url} cannot be reached: {error}") from error


def bounded(chunks: Iterator[bytes], max_bytes: int, path: str) -> bytes:
    """The bytes of `chunks`. Raises BrokenDelivery once there are too many."""
    found = bytearray()
    for chunk in chunks:
        found += chunk
        if len(found) > max_bytes:
            raise BrokenDelivery(f"{path} is larger than the {max_bytes} bytes it may have")
    return bytes(found)


def package_path(program_id: str, version: str, name: str) -> str:
    """The address of a file of a version's package, below the base URL."""
    return f"packages/{program_id}/{version}/{name}"


def file_path(program_id: str, version: str, path: str, *, filled: bool) -> str:
    """The address of a file as it is in the package. `path` is the bundle's."""
    folder, _, rest = path.partition("/")
    if not rest:
        return f"manifests/{program_id}/versions/{version}.json"
    if filled:
        return package_path(program_id, version, quote(path))
    return f"{folder}/{program_id}/{version}/{quote(rest)}"


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""
