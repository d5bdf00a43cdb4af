"""A Hosting site over its REST interface (v1beta1): versions, the files of a version, releases, channels."""

from __future__ import annotations

import gzip
import hashlib
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

import httpx

from miniprogram.errors import PublishError
from miniprogram.progress import counted
from miniprogram_firebase.hosting.errors import hosting_errors
from miniprogram_gcp.cloud_errors import names_lost_project
from miniprogram_gcp.google_calls import GoogleCalls, Refused
from miniprogram_gcp.operations import Operations

ADDRESS = "https://firebasehosting.googleapis.com"
SCOPE = "https://www.googleapis.com/auth/firebase"
LIVE = "live"
"""The channel of a site's own address."""
_FILES_A_CALL = 1000
_LISTS_AT_ONCE = 4
_UPLOADS_AT_ONCE = 32
_CLONE_PAUSE_S = 0.1
_CLONE_REFUSED = (400, 404, 409, 501)
_NO_RELEASE = "SITE_DISABLE"


@dataclass(frozen=True, slots=True)
class SiteVersion:
    """A version of a whole site. `name` as in `sites/shop/versions/1a2b`; `config` says how it is served."""

    name: str
    config: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class SiteRelease:
    """A version that was put before visitors. `released_at` in ISO 8601, UTC."""

    name: str
    version: str
    kind: str
    released_at: str
    user: str
    message: str


@dataclass(frozen=True, slots=True)
class Channel:
    """Where visitors look: `live`, or a preview that ends. `url` ends without a slash."""

    name: str
    url: str
    release: SiteRelease | None
    expires_at: str | None = None


class HostingSite:
    """One site of a project. Raises PublishError with a sentence for whatever Google refuses."""

    def __init__(self, calls: GoogleCalls, project: str, site: str, *, environment: str) -> None:
        self._calls, self.project, self.site = calls, project, site
        self._errors = hosting_errors(project, environment)
        self._operations = Operations(calls, self._errors, "/v1beta1/", first_pause_s=_CLONE_PAUSE_S)
        self._path = f"/v1beta1/projects/{project}/sites/{site}"

    @property
    def location(self) -> str:
        return f"the Hosting site {self.site} of {self.project}"

    @property
    def own_address(self) -> str:
        """Where Google serves the live site, whatever domain it may have besides."""
        return f"https://{self.site}.web.app/"

    def channel(self, name: str) -> Channel | None:
        """The channel, or None when there is none of this name. Raises PublishError when there is no such site."""
        found = self._found(f"look at the channel {name} of {self.location}", f"{self._path}/channels/{name}")
        if found is not None:
            return self._channel(found)
        if name == LIVE or self._found(f"look at {self.location}", self._path) is None:
            raise self._no_site()
        return None

    def make_channel(self, name: str, *, lives_s: int | None) -> Channel:
        """A new preview channel that ends after `lives_s` seconds; None is a week, which Google takes itself."""
        body = {} if lives_s is None else {"ttl": f"{lives_s}s"}
        what = f"make the channel {name} of {self.location}"
        made = self._document(what, "POST", f"{self._path}/channels", params={"channelId": name}, json=body)
        return self._channel(made)

    def extend_channel(self, name: str, *, lives_s: int) -> Channel:
        """Have a preview channel end `lives_s` seconds from now."""
        what = f"extend the channel {name} of {self.location}"
        extended = self._document(
            what,
            "PATCH",
            f"{self._path}/channels/{name}",
            params={"updateMask": "ttl"},
            json={"ttl": f"{lives_s}s"},
        )
        return self._channel(extended)

    def releases(self, channel: str) -> Iterator[SiteRelease]:
        """What visitors of a channel were given, the newest first."""
        what = f"list the releases of {self.location}"
        for page in self._pages(what, self._releases_of(channel), pageSize=25):
            yield from map(_release, page.get("releases", []))

    def version(self, name: str) -> SiteVersion:
        found = self._document(f"read a version of {self.location}", "GET", f"/v1beta1/{self._of_project(name)}")
        return SiteVersion(name, found.get("config", {}))

    def files(self, version: str) -> dict[str, str]:
        """What a version serves: sha256 of the gzipped bytes, in hex, by path without the leading slash."""
        url = f"/v1beta1/{self._of_project(version)}/files"
        what = f"list the files of {self.location}"
        pages = self._pages(what, url, pageSize=_FILES_A_CALL, status="ACTIVE")
        return {each["path"].lstrip("/"): each["hash"] for page in pages for each in page.get("files", [])}

    def make_version(self) -> str:
        """The name of a new version, which nobody sees yet."""
        made = self._document(f"make a version of {self.location}", "POST", f"{self._path}/versions", json={})
        return str(made["name"])

    def copy_version(self, name: str) -> str | None:
        """The name of a new version with the files of a finished one; None where Google does not copy that one."""
        what = f"copy a version of {self.location}"
        body = {"sourceVersion": name[name.index("sites/") :], "finalize": False}
        answer = self._call(what, "POST", f"{self._path}/versions:clone", json=body, expect=_CLONE_REFUSED)
        if answer.status_code in _CLONE_REFUSED:
            return None
        resource = f"the project {self.project}"
        made = self._operations.finish(answer.json(), lambda _: None, doing=what, resource=resource)
        return str(made["name"])

    def fill(self, version: str, files: Mapping[str, str], packed: Mapping[str, bytes]) -> int:
        """Give a new version its files, hashes by path; send those Google does not have. How many were sent.

        A path with a blank hash is one that the version has no longer.

        `packed` are gzipped bytes by their hash. Raises PublishError when Google wants bytes that nobody has.
        """
        url = f"/v1beta1/{self._of_project(version)}:populateFiles"
        what = f"send files to {self.location}"
        paths = {digest: path for path, digest in files.items()}

        def populate(some: Mapping[str, str]) -> dict[str, Any]:
            listed = {f"/{path}": digest for path, digest in some.items()}
            return self._document(what, "POST", url, json={"files": listed})

        with ThreadPoolExecutor(_LISTS_AT_ONCE) as pool:
            answers = list(pool.map(populate, _in_parts(files)))
        wanted = {digest: each["uploadUrl"] for each in answers for digest in each.get("uploadRequiredHashes", [])}
        for digest in wanted.keys() - packed.keys():
            raise PublishError(
                f"Google no longer has {paths[digest]}, which {self.location} serves; nothing is published",
                hint="Publish or deploy again what that file belongs to, then repeat this.",
            )
        self._send(what, wanted, packed)
        return len(wanted)

    def finish(self, version: str, config: Mapping[str, Any], labels: Mapping[str, str]) -> None:
        """Say that a version is whole, and how it is served. It can be released from now on, and never changes."""
        self._document(
            f"finish a version of {self.location}",
            "PATCH",
            f"/v1beta1/{self._of_project(version)}",
            params={"updateMask": "status,config,labels"},
            json={"status": "FINALIZED", "config": config, "labels": labels},
        )

    def release(self, version: str, channel: str, *, message: str) -> SiteRelease:
        """Put a finished version before the visitors of a channel, at once."""
        made = self._document(
            f"release a version of {self.location}",
            "POST",
            self._releases_of(channel),
            params={"versionName": version},
            json={"message": message},
        )
        return _release(made)

    def read(self, url: str) -> bytes | None:
        """What a visitor gets at `url`; None for what is not there."""
        what = f"read {url}"
        headers = {"cache-control": "no-cache"}
        response = self._call(what, "GET", url, headers=headers, expect=(404,), signed=False)
        return None if response.status_code == 404 else response.content

    def _send(self, what: str, wanted: Mapping[str, str], packed: Mapping[str, bytes]) -> None:
        """Send what is `wanted`: by hash, the address to send it below."""

        def send(digest: str) -> None:
            headers = {"content-type": "application/octet-stream"}
            self._call(what, "POST", f"{wanted[digest]}/{digest}", content=packed[digest], headers=headers)

        with ThreadPoolExecutor(_UPLOADS_AT_ONCE) as pool:
            for _ in counted(pool.map(send, wanted), "uploading files", len(wanted)):
                pass

    def _found(self, what: str, path: str) -> dict[str, Any] | None:
        """The document at `path`; None for what Google does not find in the project."""
        with self._errors.mapped(what, resource=f"the project {self.project}"):
            try:
                found: dict[str, Any] = self._calls.call("GET", path).json()
            except Refused as refused:
                if refused.status == 404 and not names_lost_project(refused.message):
                    return None
                raise
        return found

    def _no_site(self) -> PublishError:
        """Google says of a project and of a site alike that it was not found: the project's sites tell which."""
        what = f"list the Hosting sites of the project {self.project}"
        listed = self._found(what, f"/v1beta1/projects/{self.project}/sites")
        if listed is None:
            return PublishError(
                f"there is no project {self.project} with Firebase, or this account may not see it",
                hint="Correct the environment's --project-id, or add Firebase to it in the Firebase console.",
            )
        names = ", ".join(sorted(each["name"].rpartition("/")[2] for each in listed.get("sites", [])))
        return PublishError(
            f"there is no Hosting site {self.site} in the project {self.project}: there are {names or 'none'}",
            hint="Name one with --site, or make it in the Firebase console.",
        )

    def _channel(self, found: Mapping[str, Any]) -> Channel:
        release = found.get("release")
        return Channel(
            name=found["name"].rpartition("/")[2],
            url=found.get("url", "").rstrip("/"),
            release=_release(release) if release else None,
            expires_at=found.get("expireTime"),
        )

    def _releases_of(self, channel: str) -> str:
        return "/".join((self._path, "channels", channel, "releases"))

    def _call(self, what: str, method: str, path: str, **options: Any) -> httpx.Response:
        with self._errors.mapped(what, resource=f"the project {self.project}"):
            return self._calls.call(method, path, **options)

    def _document(self, what: str, method: str, path: str, **options: Any) -> dict[str, Any]:
        found: dict[str, Any] = self._call(what, method, path, **options).json()
        return found

    def _pages(self, what: str, path: str, **params: Any) -> Iterator[dict[str, Any]]:
        with self._errors.mapped(what, resource=f"the project {self.project}"):
            yield from self._calls.pages(path, **params)

    def _of_project(self, name: str) -> str:
        return name if name.startswith("projects/") else f"projects/{self.project}/{name}"


def is_disabled(release: SiteRelease | None) -> bool:
    """Whether somebody took the whole site away from its visitors."""
    return release is not None and release.kind == _NO_RELEASE


def packed(body: bytes) -> tuple[str, bytes]:
    """`body` gzipped, the same bytes each time, and their sha256 in hex: what Hosting knows a file by."""
    found = gzip.compress(body, 9, mtime=0)
    return hashlib.sha256(found).hexdigest(), found


def _in_parts(files: Mapping[str, str]) -> Iterator[dict[str, str]]:
    rest = iter(sorted(files.items()))
    while part := dict(islice(rest, _FILES_A_CALL)):
        yield part


def _release(found: Mapping[str, Any]) -> SiteRelease:
    user = found.get("releaseUser", {})
    return SiteRelease(
        name=found.get("name", ""),
        version=found.get("version", {}).get("name", ""),
        kind=found.get("type", ""),
        released_at=found.get("releaseTime", ""),
        user=user.get("email", ""),
        message=found.get("message", ""),
    )
