"""Firebase Hosting: versions that are filled, finished and released, channels, and what visitors get.

What the discovery document leaves open is as strict as the service: files only go into a version that is not
finished, a version is finished when every file is there, and only a finished one is released.
"""

from __future__ import annotations

import gzip
import hashlib
import re
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from testbed.google.discovery_check import described
from testbed.google.server import Call, Reply, document, refusal


@dataclass
class Version:
    config: dict[str, Any]
    labels: dict[str, str]
    files: dict[str, str] = field(default_factory=dict)
    status: str = "CREATED"


@dataclass
class ChannelState:
    releases: list[dict[str, Any]] = field(default_factory=list)
    """The newest first."""
    ttl: str | None = None


class HostingService:
    """One project with sites. `address` is where this server is, for the addresses it hands out."""

    prefixes = ("/v1beta1/", "/upload/sites/", "/visit/")

    def __init__(self, address: str, project: str, *sites: str, page: int = 1000) -> None:
        self.address, self.project, self._page = address, project, page
        self.versions: dict[str, Version] = {}
        self.channels: dict[str, dict[str, ChannelState]] = {site: {"live": ChannelState()} for site in sites}
        self.content: dict[str, bytes] = {}
        """Gzipped bytes by hash."""
        self._numbers = count(1)
        self.copying: dict[str, tuple[str, Version]] = {}
        """Operations that copy a version, by path: the name of the new one, and the new one."""
        self.copies = True
        """Whether versions can be copied."""

    def visit(self, site: str, path: str, channel: str = "live") -> tuple[bytes | None, dict[str, str]]:
        """What a visitor gets, and the headers it comes with."""
        state = self.channels[site].get(channel)
        if state is None or not state.releases:
            return None, {}
        version = self.versions[state.releases[0]["version"]["name"]]
        digest = version.files.get(f"/{path}")
        if digest is None:
            return None, {}
        headers: dict[str, str] = {}
        for rule in version.config.get("headers", []):
            if rule.get("glob") == "**" or ("regex" in rule and re.search(rule["regex"], f"/{path}")):
                twice = headers.keys() & rule["headers"].keys()
                assert not twice, f"two rules set {twice} for {path}"
                headers.update(rule["headers"])
        return gzip.decompress(self.content[digest]), headers

    def answer(self, call: Call) -> Reply:
        if call.path.startswith("/visit/"):
            return self._visit(call)
        if not call.headers.get("authorization", "").startswith("Bearer "):
            return refusal(401, "Request is missing required authentication credential.", "UNAUTHENTICATED")
        if call.path.startswith("/upload/"):
            return self._upload(call)
        return self._rest(call)

    def _rest(self, call: Call) -> Reply:
        body = None if call.verb == "GET" else call.json
        faults = described("firebasehosting.v1beta1").faults(call.verb, call.raw_path, call.query, body)
        if faults:
            return refusal(400, "; ".join(faults), "INVALID_ARGUMENT")
        if call.path in self.copying:
            return self._copied(call.path)
        if call.path == f"/v1beta1/projects/{self.project}/sites":
            names = [f"projects/{self.project}/sites/{site}" for site in sorted(self.channels)]
            return document({"sites": [{"name": name} for name in names]})
        match = re.fullmatch(r"/v1beta1/(?:projects/([^/]+)/)?sites/([^/:]+)(?:/(.+))?", call.path)
        if match is None or match[1] not in (self.project, "-", None):
            return refusal(404, "Requested entity was not found.", "NOT_FOUND")
        site, rest = match[2], match[3] or ""
        if site not in self.channels:
            return refusal(404, "Requested entity was not found.", "NOT_FOUND")
        if not rest:
            return document(
                {"name": f"projects/{self.project}/sites/{site}", "defaultUrl": self._url(site, "live")}
            )
        kind, _, name = rest.partition("/")
        if kind == "versions:clone":
            return self._clone(site, call.json)
        return self._versions(site, name, call) if kind == "versions" else self._channels(site, name, call)

    def _versions(self, site: str, rest: str, call: Call) -> Reply:
        if not rest:
            name = f"sites/{site}/versions/{next(self._numbers):08x}"
            self.versions[name] = Version(call.json.get("config", {}), call.json.get("labels", {}))
            return document({"name": name, "status": "CREATED", "config": call.json.get("config", {})})
        match = re.fullmatch(r"([^/:]+)(:populateFiles|/files)?", rest)
        assert match is not None
        name = f"sites/{site}/versions/{match[1]}"
        version = self.versions.get(name)
        if version is None:
            return refusal(404, "Requested entity was not found.", "NOT_FOUND")
        if match[2] == ":populateFiles":
            return self._populate(name, version, call.json["files"])
        if match[2] == "/files":
            return self._files(version, call.query)
        if call.verb == "PATCH":
            return self._finish(name, version, call)
        return document({"name": name, "status": version.status, "config": version.config})

    def _clone(self, site: str, body: dict[str, Any]) -> Reply:
        """An operation: the version is not there before somebody has asked how it goes."""
        source = self.versions.get(body.get("sourceVersion", ""))
        if source is None or not body["sourceVersion"].startswith(f"sites/{site}/"):
            return refusal(404, "Requested entity was not found.", "NOT_FOUND")
        if source.status != "FINALIZED" or not self.copies:
            return refusal(400, "the source version is not finalized", "FAILED_PRECONDITION")
        name = f"sites/{site}/versions/{next(self._numbers):08x}"
        made = Version(dict(source.config), dict(source.labels), dict(source.files), "CLONING")
        self.versions[name] = made
        operation = f"projects/{self.project}/operations/{next(self._numbers)}"
        self.copying[f"/v1beta1/{operation}"] = (name, made)
        return document({"name": operation})

    def _copied(self, path: str) -> Reply:
        name, made = self.copying[path]
        made.status = "CREATED"
        response = {"name": name, "status": "CREATED", "config": made.config}
        return document({"name": path.removeprefix("/v1beta1/"), "done": True, "response": response})

    def _populate(self, name: str, version: Version, files: dict[str, str]) -> Reply:
        if version.status != "CREATED":
            return refusal(400, f"Version {name} is {version.status}", "FAILED_PRECONDITION")
        if len(files) > 1000:
            return refusal(400, "at most 1000 files at a time", "INVALID_ARGUMENT")
        for path, digest in files.items():
            if not path.startswith("/") or not re.fullmatch("[0-9a-f]{64}|", digest):
                return refusal(400, f"{path}: {digest}", "INVALID_ARGUMENT")
        version.files.update(files)
        version.files = {path: digest for path, digest in version.files.items() if digest}
        wanted = sorted(set(files.values()) - self.content.keys() - {""})
        return document({"uploadRequiredHashes": wanted, "uploadUrl": f"{self.address}/upload/{name}/files"})

    def _upload(self, call: Call) -> Reply:
        match = re.fullmatch(r"/upload/(sites/[^/]+/versions/[^/]+)/files/([0-9a-f]{64})", call.path)
        if call.verb != "POST" or match is None or match[1] not in self.versions:
            return refusal(404, "Requested entity was not found.", "NOT_FOUND")
        if hashlib.sha256(call.body).hexdigest() != match[2]:
            return refusal(400, "the content does not have this hash", "INVALID_ARGUMENT")
        gzip.decompress(call.body)
        self.content[match[2]] = call.body
        return Reply(200)

    def _finish(self, name: str, version: Version, call: Call) -> Reply:
        named = call.query.get("updateMask", "").split(",")
        if (
            "status" not in named
            or set(named) - {"status", "config", "labels"}
            or call.json.get("status") != "FINALIZED"
        ):
            return refusal(400, "only status, config and labels are changed here", "INVALID_ARGUMENT")
        lacking = [path for path, digest in version.files.items() if digest not in self.content]
        if lacking:
            return refusal(400, f"{len(lacking)} files were not uploaded", "FAILED_PRECONDITION")
        version.status = "FINALIZED"
        if "config" in named:
            version.config = call.json.get("config", {})
        if "labels" in named:
            version.labels = call.json.get("labels", {})
        return document({"name": name, "status": version.status})

    def _files(self, version: Version, query: dict[str, str]) -> Reply:
        start = int(query.get("pageToken", 0))
        paths = sorted(version.files)
        page = paths[start : start + self._page]
        files = [{"path": path, "hash": version.files[path], "status": "ACTIVE"} for path in page]
        more = start + self._page < len(paths)
        return document({"files": files, **({"nextPageToken": str(start + self._page)} if more else {})})

    def _channels(self, site: str, rest: str, call: Call) -> Reply:
        channels = self.channels[site]
        if not rest:
            name = call.query["channelId"]
            if name in channels:
                return refusal(409, "Requested entity already exists", "ALREADY_EXISTS")
            channels[name] = ChannelState(ttl=call.json.get("ttl"))
            return document(self._channel(site, name))
        name, _, part = rest.partition("/")
        if name not in channels:
            return refusal(404, "Requested entity was not found.", "NOT_FOUND")
        if part == "releases" and call.verb == "GET":
            return document({"releases": channels[name].releases[: int(call.query.get("pageSize", 25))]})
        if part == "releases":
            return self._release(site, name, call)
        if call.verb == "PATCH":
            channels[name].ttl = call.json["ttl"]
        return document(self._channel(site, name))

    def _release(self, site: str, channel: str, call: Call) -> Reply:
        version = self.versions.get(call.query.get("versionName", ""))
        if version is None or version.status != "FINALIZED":
            return refusal(400, "the version is not finalized", "FAILED_PRECONDITION")
        number = next(self._numbers)
        made = {
            "name": f"sites/{site}/channels/{channel}/releases/{number}",
            "version": {"name": call.query["versionName"], "status": "FINALIZED"},
            "type": "DEPLOY",
            "releaseTime": f"2026-11-30T12:{number // 60 % 60:02}:{number % 60:02}Z",
            "releaseUser": {"email": "publisher@example.com"},
            "message": call.json.get("message", ""),
        }
        self.channels[site][channel].releases.insert(0, made)
        return document(made)

    def _channel(self, site: str, name: str) -> dict[str, Any]:
        state = self.channels[site][name]
        shown: dict[str, Any] = {
            "name": f"projects/{self.project}/sites/{site}/channels/{name}",
            "url": self._url(site, name),
        }
        if state.releases:
            shown["release"] = state.releases[0]
        if name != "live":
            shown["expireTime"] = "2026-12-07T12:00:00Z"
        return shown

    def _url(self, site: str, channel: str) -> str:
        return f"{self.address}/visit/{site}/{channel}"

    def _visit(self, call: Call) -> Reply:
        site, channel, path = call.path.removeprefix("/visit/").split("/", 2)
        body, headers = self.visit(site, path, channel)
        return Reply(404) if body is None else Reply(200, body, headers)
