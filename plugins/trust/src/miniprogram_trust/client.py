"""A host in Python that pins a root: what it is given is what was signed, or is refused.

    host = PinnedHost("https://programs.example.com/api/", root=Path("root.json").read_bytes(), folder=cache)
    host.refresh()
    listed = host.version("coupons", "1.0.0")
    host.load(listed, "screens/home.json")       # bytes, verified

What was seen is kept in `folder`, so that nobody can go back behind it. Sizes are bounded before anything is
hashed, and nothing is opened before it was verified. A host that has a root takes nothing unsigned, on no path.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import quote

import httpx
from tuf.api.exceptions import DownloadError, DownloadHTTPError
from tuf.api.metadata import Metadata, Snapshot
from tuf.ngclient import Updater, UpdaterConfig
from tuf.ngclient.fetcher import FetcherInterface

from miniprogram.delivery.documents.kinds import PACKAGE_INDEX
from miniprogram.delivery.documents.layouts.keys import Keys
from miniprogram_trust.errors import TrustError, tuf_errors
from miniprogram_trust.role_names import role_of, target_path
from miniprogram_trust.signed_list import MOST_BYTES, SignedEntry, SignedList, read_list

TIMEOUT_S = 30.0
CHUNK_BYTES = 64 * 1024
ACCESS_KEY = "x-mini-program-access-key"
PATHS = Keys("static")
"""Below the API base URL files have the paths that they have in a static folder."""


class HttpxFetcher(FetcherInterface):
    """Loads for `tuf`, with the keys of a host. What comes is not decompressed, and cut where it is too long."""

    def __init__(self, client: httpx.Client) -> None:
        self._client = client

    def _fetch(self, url: str) -> Iterator[bytes]:
        return stream(self._client, url)


class PinnedHost:
    """A host of one address. Not for several threads at once; several processes need a folder each."""

    def __init__(
        self,
        address: str,
        root: bytes,
        folder: Path,
        *,
        access_key: str | None = None,
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        """`address` is the API base URL. Raises TrustError for a root that is none."""
        self.address = f"{address.rstrip('/')}/"
        headers = {"accept-encoding": "identity", **({ACCESS_KEY: access_key} if access_key else {})}
        self._client = httpx.Client(timeout=TIMEOUT_S, headers=headers, transport=transport)
        self._root, self._folder = root, folder
        folder.mkdir(parents=True, exist_ok=True)
        self._updater = self._open()

    def refresh(self) -> int:
        """Follow the root and learn what is signed now. The number of the root in force.

        Raises TrustError when that cannot be trusted; what was known before stays known.
        """
        self._updater = self._open()
        with tuf_errors(f"what {self.address} says is signed"):
            self._updater.refresh()
        return int(Metadata.from_bytes((self._folder / "root.json").read_bytes()).signed.version)

    def version(self, program_id: str, version: str) -> SignedList:
        """The list of the files of a version. Raises TrustError when nobody who may signed it."""
        name = f"{program_id} {version}"
        with tuf_errors(f"what {self.address} says of {name}"):
            path = target_path(program_id, version)
            target = self._updater.get_targetinfo(path) if self._has_role(program_id) else None
            if target is None:
                raise TrustError(f"{name} is not signed by anybody who may sign {program_id}, and is refused")
            if target.length > MOST_BYTES:
                raise TrustError(
                    f"the signed list of {name} has {target.length} bytes, which is more than any has"
                )
            with TemporaryDirectory() as folder:
                self._updater.download_target(target, str(Path(folder) / "list"))
                body = (Path(folder) / "list").read_bytes()
        return read_list(body, program_id=program_id, version=version)

    def learn(self, program_id: str) -> bool:
        """Learn what is signed of a mini-program, and keep it in the folder. False when nothing ever was."""
        if not self._has_role(program_id):
            return False
        with tuf_errors(f"what {self.address} says of {program_id}"):
            self._updater.get_targetinfo(target_path(program_id, "-"))  # no version is called so
        return True

    def load(self, listed: SignedList, path: str) -> bytes:
        """A file of a version, verified. `path` is the one in the bundle, such as `screens/home.json`.

        Raises TrustError when it is not in the list, or not what was signed.
        """
        if path not in listed.files:
            raise TrustError(f"{path} of {listed.mini_program_id} {listed.version} is not signed, and is refused")
        key = PATHS.bundle_file_key(listed.mini_program_id, listed.version, path)
        return self._verified(listed, path, key, listed.files[path])

    def load_package_index(self, listed: SignedList) -> bytes:
        """The index of the version's package, verified: whatever it names by its digest is what was signed.

        Raises TrustError as `load` does.
        """
        what = "the index of the package"
        if listed.package_index is None:
            raise TrustError(f"{what} of {listed.mini_program_id} {listed.version} is not signed, and is refused")
        key = PATHS.key(PACKAGE_INDEX, listed.mini_program_id, listed.version)
        return self._verified(listed, what, key, listed.package_index)

    def signed_package_index(self, program_id: str, version: str) -> bytes:
        """As `miniprogram.client.Verifier` has it: learn what is signed now, then load the index of a version."""
        self.refresh()
        return self.load_package_index(self.version(program_id, version))

    def _verified(self, listed: SignedList, what: str, key: str, wanted: SignedEntry) -> bytes:
        name = f"{what} of {listed.mini_program_id} {listed.version}"
        with tuf_errors(f"{name} from {self.address}"):
            body = self._bounded(f"{self.address}{quote(key)}", wanted.size)
        check(body, sha256=wanted.sha256, size=wanted.size, name=name)
        return body

    def close(self) -> None:
        self._client.close()

    def _has_role(self, program_id: str) -> bool:
        """Whether anything was ever signed of a mini-program. Raises TrustError before the first `refresh`."""
        try:
            body = (self._folder / "snapshot.json").read_bytes()
        except FileNotFoundError:
            raise TrustError(f"nothing is known yet of what {self.address} says is signed") from None
        known: Metadata[Snapshot] = Metadata.from_bytes(body)
        return f"{role_of(program_id)}.json" in known.signed.meta

    def _open(self) -> Updater:
        with tuf_errors("the pinned root"):
            return updater(self._client, f"{self.address}trust/", self._root, self._folder)

    def _bounded(self, url: str, size: int) -> bytes:
        body = bytearray()
        for chunk in stream(self._client, url):
            body += chunk
            if len(body) > size:
                raise DownloadError(f"{url} is longer than the {size} bytes that are signed")
        return bytes(body)


def updater(client: httpx.Client, url: str, root: bytes, folder: Path, lists_url: str | None = None) -> Updater:
    """What follows the trust metadata at `url`, with a slash at its end, from a pinned root; `folder` keeps it.

    `lists_url` is where what is signed lies; None for `targets/` below `url`. Raises errors of `tuf`.
    """
    return Updater(
        str(folder),
        url,
        target_base_url=lists_url or f"{url}targets/",
        fetcher=HttpxFetcher(client),
        config=UpdaterConfig(),
        bootstrap=root,
    )


def check(body: bytes, *, sha256: str, size: int, name: str) -> None:
    """Raises TrustError unless `body` is what was signed. To be asked before anything else is done with it."""
    if len(body) != size or hashlib.sha256(body).hexdigest() != sha256:
        raise TrustError(f"{name} is not what was signed, and is refused")


def stream(client: httpx.Client, url: str) -> Iterator[bytes]:
    """The body at `url` as it comes. Raises DownloadError; DownloadHTTPError for an answer that is no success."""
    try:
        with client.stream("GET", url) as answer:
            if answer.status_code != 200:
                raise DownloadHTTPError(f"{url} answered {answer.status_code}", answer.status_code)
            if answer.headers.get("content-encoding", "identity").lower() != "identity":
                raise DownloadError(f"{url} came compressed, though that was not asked for")
            yield from answer.iter_raw(CHUNK_BYTES)
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise DownloadError(f"{url} cannot be loaded ({type(error).__name__})") from error
