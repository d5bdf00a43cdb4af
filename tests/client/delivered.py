"""A place that delivers versions, in process: delivery or a static web server, and what can go wrong there."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import httpx

from miniprogram.client import Client, Endpoint, HostContext
from miniprogram.delivery.documents.layouts.keys import Keys
from miniprogram.delivery.documents.profile import local_profile
from miniprogram.delivery.documents.sources import FolderSource
from miniprogram.delivery.http.messages import Request
from miniprogram.delivery.http.service import DeliveryService
from miniprogram.packages.bundle import Bundle, BundleFile
from miniprogram.packages.manifest import Manifest
from miniprogram.packages.package_file import file_name, package_of, write_package
from miniprogram.packages.package_options import PackageOptions
from miniprogram.publish.layouts.layout import Layout
from miniprogram.publish.layouts.local import local_layout
from miniprogram.publish.layouts.static import static_layout
from miniprogram.publish.to_store import publish_to_store
from miniprogram.seams.object_store import ObjectStore
from miniprogram.seams.publish_target import Release
from miniprogram.seams.version_signing import VersionSigner, VersionToSign
from miniprogram.stores.filesystem import FilesystemObjectStore
from miniprogram.strict_json import to_pretty_json
from miniprogram.testing import NOON, PNG, image_screen, sample_manifest, sample_screens

PACKED = PackageOptions()
BASE = "https://programs.example/api/"
HOST = HostContext("wallet", "2.0.0", "1.0.0", ("analytics", "auth"))
TRUNK = {
    f"shop_page_{number}": {"type": "text", "data": hashlib.sha256(bytes([number])).hexdigest() * 8}
    for number in range(12)
}
"""Screens that stay from version to version."""

Answer = Callable[[httpx.Request, httpx.Response], httpx.Response]


@dataclass
class Delivered:
    """Versions of `shop` below `folder`, served as `kind` says. `asked` are paths and sizes of what was sent."""

    folder: Path
    kind: str
    asked: list[tuple[str, int, int]] = field(default_factory=list)
    """Path, status and bytes of each answer."""
    requests: list[httpx.Request] = field(default_factory=list)
    wrong: Answer = field(default_factory=lambda: as_it_is)
    breaks_after: int | None = None
    """Bytes of a package after which its connection breaks."""
    now: datetime = NOON

    def __post_init__(self) -> None:
        self.store = FilesystemObjectStore(self.folder)
        self._service = DeliveryService(FolderSource(self.folder), local_profile())

    def bundle(self, version: str, text: str | None = None, *, picture: bool = True, **members: Any) -> Bundle:
        screens = {**TRUNK, **sample_screens(text=text or f"Welcome to {version}")}
        if picture:
            screens["shop_picture"] = image_screen()
        manifest = {**sample_manifest("shop", version), **members}
        files = [BundleFile.of("manifest.json", to_pretty_json(manifest))]
        files += [BundleFile.of(f"screens/{name}.json", to_pretty_json(node)) for name, node in screens.items()]
        return Bundle.of(Manifest.model_validate(manifest), [*files, BundleFile.of("assets/logo.png", PNG)])

    def publish(
        self,
        version: str,
        text: str | None = None,
        packages: PackageOptions | None = PACKED,
        signers: tuple[VersionSigner, ...] | None = (),
        sealed_for: tuple[str, ...] = (),
        **members: Any,
    ) -> Bundle:
        """With `signers` None it is stored as by somebody who does not ask whether versions are signed."""
        bundle = self.bundle(version, text, **members)
        release = Release(
            bundle,
            NOON,
            base_url=BASE,
            packages=packages,
            signers=(NoSigner(),) if signers is None else signers,
            sealed_for=sealed_for,
        )
        publish_to_store(self.store, self._layout(release), allow_older=True)
        return bundle

    def point_to(self, version: str) -> None:
        """Send hosts to a version that is there."""
        manifest = self.folder / f"manifests/shop/versions/{version}.json"
        (self.folder / "manifests/shop/latest.json").write_bytes(manifest.read_bytes())

    def _layout(self, release: Release) -> Layout:
        return (
            static_layout(release) if self.kind == "static" else local_layout(release, base_url=release.base_url)
        )

    def embed(self, folder: Path, version: str, *, picture: bool = True) -> Bundle:
        bundle = self.bundle(version, picture=picture)
        write_package(folder / file_name(bundle), package_of(bundle))
        return bundle

    def client(self, cache: Path, *, network: str = "wifi", host: HostContext = HOST, **options: Any) -> Client:
        endpoint = Endpoint(BASE, options.pop("access_key", None))
        endpoints, http = {"shop": endpoint}, self.http()
        return Client(cache, endpoints, host, network=lambda: network, http=http, now=lambda: self.now, **options)

    def http(self) -> httpx.Client:
        return httpx.Client(transport=httpx.MockTransport(self._answer))

    def later(self, **span: float) -> None:
        self.now += timedelta(**span)

    def loaded(self, part: str = "") -> int:
        """How many bytes were sent of files whose path has `part` in it."""
        return sum(size for path, _, size in self.asked if part in path)

    def answer(self, request: httpx.Request) -> httpx.Response:
        """What is answered to who verifies: the body as it is stored, or what is wrong with it."""
        response = self.wrong(request, self._plain(request))
        stream = httpx.ByteStream(response.content)
        return httpx.Response(response.status_code, headers=response.headers, stream=stream)

    def _answer(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        response = self.wrong(request, self._plain(request))
        path, body, size = request.url.path, response.content, len(response.content)
        if self.breaks_after is not None and path.endswith("package.tar.zst"):
            size = min(size, self.breaks_after)
        self.asked.append((path, response.status_code, size))
        told = {name: text for name, text in response.headers.items() if name not in ("content-encoding",)}
        stream = httpx.ByteStream(body) if size == len(body) else Broken(body, size)
        return httpx.Response(response.status_code, headers=told, stream=stream)

    def ranges(self) -> list[str | None]:
        """The parts of a package that were asked for; None for all of it."""
        return [each.headers.get("range") for each in self.requests if "package.tar" in each.url.path]

    def _plain(self, request: httpx.Request) -> httpx.Response:
        if self.kind == "static":
            return _static(self.folder, request)
        query = request.url.query.decode()
        given = self._service.handle(Request("GET", request.url.path, query, dict(request.headers.items())))
        return httpx.Response(given.status, headers=list(given.headers), content=given.body)


def _static(folder: Path, request: httpx.Request) -> httpx.Response:
    """As nginx serves a folder: weak on types, strong on ranges."""
    path = folder / request.url.path.removeprefix("/api/")
    if not path.is_file():
        return httpx.Response(404, content=b"<html>404 Not Found</html>")
    body = path.read_bytes()
    tag = f'"{hashlib.sha256(body).hexdigest()[:16]}"'
    asked = request.headers.get("range", "")
    if asked.startswith("bytes=") and request.headers.get("if-range", tag) == tag:
        start = int(asked[6:].partition("-")[0])
        if start >= len(body):
            return httpx.Response(416)
        told = f"bytes {start}-{len(body) - 1}/{len(body)}"
        return httpx.Response(206, headers={"etag": tag, "content-range": told}, content=body[start:])
    return httpx.Response(200, headers={"etag": tag}, content=body)


class NoSigner:
    """Implements VersionSigner, and vouches for nothing."""

    def sign(self, store: ObjectStore, keys: Keys, version: VersionToSign) -> tuple[str, ...]:
        return ()


class Broken(httpx.SyncByteStream):
    """A body that breaks off after `size` bytes, with the connection."""

    def __init__(self, body: bytes, size: int) -> None:
        self._body, self._size = body, size

    def __iter__(self) -> Iterator[bytes]:
        yield self._body[: self._size]
        raise httpx.ReadError("connection reset")


def as_it_is(_: httpx.Request, response: httpx.Response) -> httpx.Response:
    return response


def with_upgrade(**upgrade: Any) -> Answer:
    """Manifests say how the host is to move to them."""

    def act(request: httpx.Request, response: httpx.Response) -> httpx.Response:
        if not request.url.path.endswith("/latest.json") or response.status_code != 200:
            return response
        body = response.json()
        metadata = {**body.get("deliveryMetadata", {}), "upgrade": upgrade}
        return httpx.Response(200, content=json.dumps({**body, "deliveryMetadata": metadata}))

    return act


def on(part: str, then: Callable[[httpx.Response], httpx.Response]) -> Answer:
    """What has `part` in its path is answered otherwise."""
    return lambda request, response: then(response) if part in request.url.path else response


def unreachable(_: httpx.Request, __: httpx.Response) -> httpx.Response:
    raise httpx.ConnectError("connection refused")


def missing(_: httpx.Response) -> httpx.Response:
    return httpx.Response(404, content=b"gone")


def damaged(response: httpx.Response) -> httpx.Response:
    headers = {name: value for name, value in response.headers.items() if name == "etag"}
    return httpx.Response(200, headers=headers, content=bytes([response.content[0] ^ 1]) + response.content[1:])
