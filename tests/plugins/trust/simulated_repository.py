"""A repository of The Update Framework that tests bend out of shape, over HTTP, and its clients."""

from __future__ import annotations

import io
import json
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager, redirect_stderr
from copy import deepcopy
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.parse import unquote

from securesystemslib.signer import CryptoSigner
from tuf.api.metadata import (
    DelegatedRole,
    Delegations,
    Metadata,
    MetaFile,
    Root,
    Snapshot,
    TargetFile,
    Targets,
    Timestamp,
)

from miniprogram_trust.repository import meta_file
from plugins.trust.conformance_client import python_client
from testbed import servers

CLIENTS = Path(__file__).parent / "conformance_client"
TOP_LEVEL = ("root", "targets", "snapshot", "timestamp")
GOOD_UNTIL = datetime.now(UTC).replace(microsecond=0) + timedelta(days=30)
PAST = datetime.now(UTC).replace(microsecond=0) - timedelta(days=1)


class SimulatedRepository:
    """`files` is what is served, by path below `/`; `asked` the paths that were asked for, in order."""

    def __init__(self) -> None:
        self.root, self.targets = Root(expires=GOOD_UNTIL), Targets(expires=GOOD_UNTIL)
        self.snapshot, self.timestamp = Snapshot(expires=GOOD_UNTIL), Timestamp(expires=GOOD_UNTIL)
        self.roles: dict[str, Targets] = {}
        self.signers: dict[str, list[CryptoSigner]] = {}
        self.files: dict[str, bytes] = {}
        self.asked: list[str] = []
        self.names_digests = True
        for role in TOP_LEVEL:
            self.give_keys(role)
        self.publish("root", "targets", "snapshot", "timestamp", bump=False)

    def give_keys(self, role: str, count: int = 1, *, threshold: int = 1, kind: str = "ed25519") -> None:
        """Give a role new keys in place of those it has."""
        by = self.root if role in TOP_LEVEL else self.targets
        for key_id in list(by.get_delegated_role(role).keyids):
            by.revoke_key(key_id, role)
        self.signers[role] = [getattr(CryptoSigner, f"generate_{kind}")() for _ in range(count)]
        for signer in self.signers[role]:
            by.add_key(signer.public_key, role)
        by.get_delegated_role(role).threshold = threshold

    def delegate(self, name: str, *paths: str, terminating: bool = False) -> Targets:
        if self.targets.delegations is None:
            self.targets.delegations = Delegations({}, {})
        roles = self.targets.delegations.roles
        assert roles is not None
        roles[name] = DelegatedRole(name, [], 1, terminating=terminating, paths=list(paths))
        self.roles[name] = Targets(expires=GOOD_UNTIL)
        self.give_keys(name)
        return self.roles[name]

    def add_target(self, path: str, body: bytes, by: Targets | None = None) -> None:
        target = TargetFile.from_data(path, body, ["sha256"])
        (by or self.targets).targets[path] = target
        folder, slash, name = path.rpartition("/")
        self.files[f"targets/{folder}{slash}{target.hashes['sha256']}.{name}"] = body

    def publish(self, *names: str, bump: bool = True) -> None:
        """Sign and serve, each with a number one higher; snapshot and time stamp name what came before."""
        for name in names:
            signed = self.signed(name)
            signed.version += bump
            self.write(name, self.metadata(name, signed).to_bytes(), signed.version)

    def publish_all(self) -> None:
        self.publish(*self.roles, "targets", "snapshot", "timestamp")

    def metadata(self, name: str, signed: Any) -> Metadata[Any]:
        metadata = Metadata(deepcopy(signed))
        for signer in self.signers[name]:
            metadata.sign(signer, append=True)
        return metadata

    def write(self, name: str, body: bytes, number: int) -> None:
        """Serve `body` as file `number` of a role, and have it named."""
        named = meta_file(number, body) if self.names_digests else MetaFile(number)
        if name == "snapshot":
            self.timestamp.snapshot_meta = named
        elif name not in TOP_LEVEL or name == "targets":
            self.snapshot.meta[f"{name}.json"] = named
        self.files[f"metadata/{'' if name == 'timestamp' else f'{number}.'}{name}.json"] = body

    def signed(self, name: str) -> Any:
        return self.roles[name] if name in self.roles else getattr(self, name)

    def change(self, path: str, edit: Callable[[dict[str, Any]], object]) -> None:
        """Change a served file as whoever has no key can."""
        document = json.loads(self.files[path])
        edit(document)
        self.files[path] = json.dumps(document).encode()


@dataclass
class Client:
    """A client under test with the folders it keeps."""

    command: Callable[[list[str]], tuple[int, str]]
    """Its exit code, and what it says of a refusal."""

    folder: Path
    address: str

    def __post_init__(self) -> None:
        (self.folder / "targets").mkdir(parents=True)

    @property
    def held(self) -> dict[str, int]:
        """The numbers of what the client trusts, by role."""
        return {
            unquote(path.stem): json.loads(path.read_bytes())["signed"]["version"]
            for path in sorted((self.folder / "metadata").glob("*.json"))
        }

    def hold(self, name: str, body: bytes) -> None:
        (self.folder / "metadata" / f"{name}.json").write_bytes(body)

    def init(self, root: bytes) -> None:
        (self.folder / "root").write_bytes(root)
        assert self._run("init", str(self.folder / "root")) == 0

    def refresh(self) -> bool:
        return self._run("--metadata-url", f"{self.address}metadata/", "refresh") == 0

    def download(self, path: str) -> bytes | None:
        """What was downloaded; None when it was refused."""
        options = ["--target-base-url", f"{self.address}targets/", "--target-dir", str(self.folder / "targets")]
        target = ["--target-name", path]
        if self._run("--metadata-url", f"{self.address}metadata/", *options, *target, "download"):
            return None
        return max((self.folder / "targets").iterdir(), key=lambda kept: kept.stat().st_mtime_ns).read_bytes()

    def _run(self, *words: str) -> int:
        code, told = self.command(["--metadata-dir", str(self.folder / "metadata"), *words])
        assert code in (0, 1), told
        assert code == 0 or told.strip(), "refused without a word"
        return code


def run_python(words: list[str]) -> tuple[int, str]:
    """The Python client's command line, here: a process for each would take most of the time in imports."""
    told = io.StringIO()
    with redirect_stderr(told):
        return python_client.main(words), told.getvalue()


def run_web(words: list[str]) -> tuple[int, str]:
    done = subprocess.run(
        [servers.node(), str(CLIENTS / "web_client.mjs"), *words], capture_output=True, text=True
    )
    return done.returncode, done.stderr


@contextmanager
def served(repository: SimulatedRepository) -> Iterator[str]:
    """The address that `repository` is served at, which ends with a slash."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            path = unquote(self.path.lstrip("/"))
            repository.asked.append(path)
            body = repository.files.get(path)
            self.send_response(404 if body is None else 200)
            self.send_header("Content-Length", str(len(body or b"")))
            self.end_headers()
            self.wfile.write(body or b"")

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
