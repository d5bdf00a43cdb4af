"""A signed store, who signs in it, and hosts that load from it through the delivery service."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from securesystemslib.formats import encode_canonical

from miniprogram.delivery.documents.layouts.keys import Keys
from miniprogram.delivery.documents.profile import cloud_profile
from miniprogram.delivery.http.messages import Request
from miniprogram.delivery.http.service import DeliveryService
from miniprogram.packages.package_options import PackageOptions
from miniprogram.provider_kit.public_keys import described
from miniprogram.publish.layouts.cloud import CloudLocation, cloud_layout
from miniprogram.publish.to_store import Outcome, publish_to_store
from miniprogram.seams.object_store import ObjectStore
from miniprogram.seams.signing_key import PublicKey, SigningKey
from miniprogram.seams.version_signing import SignerContext
from miniprogram.stores.delivery_source import StoreSource
from miniprogram.stores.memory import MemoryObjectStore
from miniprogram.testing import PNG, image_screen, sample_release, sample_screens
from miniprogram_trust.client import PinnedHost
from miniprogram_trust.files import TrustFiles
from miniprogram_trust.keyring import Keyring
from miniprogram_trust.plans import Renewal, Rotation
from miniprogram_trust.service import Beginning, begin, rotate
from miniprogram_trust.verifying import verify_address
from miniprogram_trust.version_signer import TufVersionSigner
from miniprogram_trust.writing import Writer

ADDRESS = "https://programs.example/api/"
KEYS = Keys("cloud")
PLACE = CloudLocation("memory", "prod", "bucket", "here", api_base_url=ADDRESS.rstrip("/"))
FOLDER = "metadata/trust/"
TODAY = datetime.now(UTC).replace(microsecond=0)


class MemoryKey:
    """Implements SigningKey. `asked` counts signatures."""

    def __init__(self, name: str, kind: str = "ed25519") -> None:
        self.name, self.asked, self._private = name, 0, KINDS[kind]()

    def of_kind(self, kind: str) -> MemoryKey:
        """Another key of this name, of a kind that key services have."""
        return MemoryKey(self.name, kind)

    def public(self) -> PublicKey:
        return described(self._private.public_key(), name=self.name)

    def sign(self, message: bytes) -> bytes:
        self.asked += 1
        return bytes(self._private.sign(message, *HOW[self.public().algorithm]))


KINDS: dict[str, Callable[[], Any]] = {
    "ed25519": Ed25519PrivateKey.generate,
    "ecdsa": lambda: ec.generate_private_key(ec.SECP256R1()),
    "rsa": lambda: rsa.generate_private_key(65537, 2048),
}
HOW: dict[str, tuple[Any, ...]] = {
    "ed25519": (),
    "ecdsa-sha2-nistp256": (ec.ECDSA(hashes.SHA256()),),
    "rsassa-pss-sha256": (padding.PSS(padding.MGF1(hashes.SHA256()), 32), hashes.SHA256()),
}


@dataclass
class TrustWorld:
    """Keys by name, made when first named. `now` is when whoever signs thinks it is."""

    folder: Path
    store: ObjectStore = field(default_factory=MemoryObjectStore)
    now: datetime = TODAY
    known: dict[str, MemoryKey] = field(default_factory=dict)
    keys: Keys = KEYS

    def key(self, name: str) -> MemoryKey:
        return self.known.setdefault(name, MemoryKey(name))

    def keyring(self, *names: str) -> Keyring:
        return Keyring(names, self.key)

    def writer(self, *names: str, store: ObjectStore | None = None, pinned: bytes | None = None) -> Writer:
        files = TrustFiles(store or self.store, self.keys)
        return Writer(files, self.keyring(*names), self.now, pinned=pinned)

    def begin(self, *, program: str = "shop", threshold: int = 1, store: ObjectStore | None = None) -> bytes:
        """Roots root-1..3, `targets`, `online` and `dev` for the program. The root that hosts pin."""

        def named(names: Iterable[str]) -> list[Any]:
            return [self.keyring().named(name) for name in names]

        roots = [f"root-{number}" for number in range(1, threshold + 2)] if threshold > 1 else ["root-1"]
        keys = {role: named([role]) for role in ("targets",)}
        keys |= {"root": named(roots), "snapshot": named(["online"]), "timestamp": named(["online"])}
        beginning = Beginning(keys, {"root": threshold}, {program: named(["dev"])})
        return begin(self.writer(*roots, "targets", "online", store=store), beginning, self.now).to_bytes()

    def publish(
        self,
        version: str = "1.0.0",
        *,
        by: tuple[str, ...] = ("dev", "online"),
        program: str = "shop",
        text: str = "Welcome",
        store: ObjectStore | None = None,
        signed: bool = True,
        picture: bool = False,
        place: CloudLocation = PLACE,
        packages: PackageOptions | None = None,
    ) -> Outcome:
        signers = self.signers(*by) if signed else ()
        screens = {f"{program}_home": image_screen()} if picture else sample_screens(program, text=text)
        release = sample_release(program, version, screens=screens, assets={"logo.png": PNG} if picture else None)
        release = replace(release, signers=signers, packages=packages)
        return publish_to_store(store or self.store, cloud_layout(release, place))

    def signers(self, *by: str) -> tuple[TufVersionSigner, ...]:
        """What `publish` signs with, with these keys."""

        def open_key(uri: str, _: Path) -> SigningKey:
            return self.key(uri)

        environ = {"MINIPROGRAM_SIGNERS": ",".join(by)}
        return (TufVersionSigner(SignerContext(self.folder, self.folder, environ, lambda: self.now, open_key)),)

    def rotate(self, role: str, to: list[str], by: tuple[str, ...], **more: Any) -> None:
        keys = [self.keyring().named(name) for name in to]
        store = more.pop("store", None)
        rotate(self.writer(*by, store=store), Rotation(role, keys, more.pop("threshold", 1), self.now, **more))

    def renewal(self, *names: str, everything: bool = False, recovers: bool = False) -> Renewal:
        return Renewal(self.keyring(*names), self.now, everything, recovers)

    def host(self, root: bytes, name: str = "host", *, tamper: Tamper | None = None) -> PinnedHost:
        """A host; under the same name it is the same one, started again."""
        transport = served(self.store, tamper)
        return PinnedHost(ADDRESS, root, self.folder / name, transport=transport)

    def names(self) -> list[str]:
        return [info.key.removeprefix(FOLDER) for info in self.store.list(FOLDER)]

    def read(self, name: str) -> bytes:
        found = self.store.get(f"{FOLDER}{name}")
        assert found is not None, name
        return found.body

    def write(self, name: str, body: bytes) -> None:
        """As a thief of the store writes: over anything."""
        self.store.put(f"{FOLDER}{name}", body)


Tamper = Callable[[str, bytes], bytes | None]
"""What a network or a CDN makes of the body at a path; None for nothing there."""


def served(store: ObjectStore, tamper: Tamper | None = None) -> httpx.MockTransport:
    """The delivery service over `store`, behind what tampers."""
    service = DeliveryService(StoreSource(store), cloud_profile())

    def answer(request: httpx.Request) -> httpx.Response:
        path = request.url.raw_path.decode().partition("?")[0]
        found = service.handle(Request("GET", path, "", dict(request.headers)))
        body: bytes | None = found.body
        if tamper is not None:
            body = tamper(path.removeprefix("/api/"), found.body if found.status == 200 else b"")
            if body is None:
                return httpx.Response(404)
            if body or found.status == 200:
                return httpx.Response(200, stream=httpx.ByteStream(body))
        return httpx.Response(found.status, headers=list(found.headers), stream=httpx.ByteStream(found.body))

    return httpx.MockTransport(answer)


def later(**span: float) -> datetime:
    return TODAY + timedelta(**span)


def copy_of(store: ObjectStore) -> MemoryObjectStore:
    copy = MemoryObjectStore()
    for info in store.list(""):
        found = store.get(info.key)
        assert found is not None
        copy.put(info.key, found.body)
    return copy


def verify_versions(world: TrustWorld, root: bytes, name: str = "host") -> list[str]:
    """The versions that a host takes, every file of them loaded and verified."""
    report = verify_address(ADDRESS, root, transport=served(world.store))
    return [each.version for each in report.versions]


def resigned(world: TrustWorld, name: str, change: Callable[[dict[str, Any]], object], *keys: str) -> bytes:
    """A metadata file changed, and signed again with the keys that were stolen."""
    document = json.loads(world.read(name))
    change(document["signed"])
    payload = encode_canonical(document["signed"]).encode()
    document["signatures"] = [
        {"keyid": world.keyring().named(key).keyid, "sig": world.key(key).sign(payload).hex()} for key in keys
    ]
    return json.dumps(document).encode()
