"""Cloud Functions of the second generation: a function is built, and served by a service of Cloud Run."""

from __future__ import annotations

import io
import re
import zipfile
from itertools import count
from typing import Any

from testbed.google.discovery_check import described
from testbed.google.run_service import RunService
from testbed.google.server import Call, Reply, document, refusal

_PATH = re.compile(r"/v2/projects/(?P<project>[^/]+)/locations/(?P<region>[^/]+)/(?P<rest>.+)")
_RUNTIMES = {f"python3{minor}" for minor in range(10, 15)}


class FunctionsService:
    """One project. What it builds runs as a service of `run`, under the function's name."""

    prefixes = ("/cloudfunctions/", "/function-sources/")

    def __init__(self, run: RunService, address: str) -> None:
        self._run, self._address = run, address
        self.functions: dict[str, dict[str, Any]] = {}
        self.uploads: dict[str, bytes] = {}
        self._operations: dict[str, dict[str, Any]] = {}
        self._numbers = count(1)

    def answer(self, call: Call) -> Reply:
        if call.path.startswith("/function-sources/"):
            return self._upload(call)
        if not call.headers.get("authorization", "").startswith("Bearer "):
            return refusal(401, "Request had invalid authentication credentials.", "UNAUTHENTICATED")
        raw, body = call.raw_path.removeprefix("/cloudfunctions"), call.json if call.body else None
        faults = described("cloudfunctions.v2").faults(call.verb, raw, call.query, body)
        if faults:
            return refusal(400, "; ".join(faults), "INVALID_ARGUMENT")
        match = _PATH.fullmatch(call.path.removeprefix("/cloudfunctions"))
        assert match is not None
        if match["rest"].startswith("operations/"):
            return document(self._operations[match[0].removeprefix("/v2/")])
        if match["rest"] == "functions:generateUploadUrl":
            name = f"source-{next(self._numbers)}.zip"
            source = {"bucket": "gcf-v2-uploads", "object": name}
            return document({"uploadUrl": f"{self._address}/function-sources/{name}", "storageSource": source})
        name = match["rest"].partition("/")[2] or call.query.get("functionId", "")
        if call.verb in {"GET", "DELETE"}:
            return self._there(name, match["region"], call.verb)
        return self._build(name, match["region"], call)

    def _upload(self, call: Call) -> Reply:
        if call.verb != "PUT" or "authorization" in call.headers:
            return refusal(403, "the address itself is signed")
        if call.headers.get("content-type") != "application/zip":
            return refusal(400, "application/zip is wanted")
        self.uploads[call.path.rpartition("/")[2]] = call.body
        return Reply(200)

    def _there(self, name: str, region: str, verb: str) -> Reply:
        if name not in self.functions:
            return refusal(404, f"Resource '{name}' was not found", "NOT_FOUND")
        if verb == "GET":
            return document(self.functions[name])
        del self.functions[name]
        self._run.remove(region, name)
        return document(self._ended(region, {"response": {}}))

    def _build(self, name: str, region: str, call: Call) -> Reply:
        asked: dict[str, Any] = call.json
        build, service = asked["buildConfig"], asked["serviceConfig"]
        if asked.get("environment") != "GEN_2" or build.get("runtime") not in _RUNTIMES:
            return refusal(400, "environment and runtime", "INVALID_ARGUMENT")
        if (call.verb == "POST") == (name in self.functions):
            return refusal(409 if call.verb == "POST" else 404, f"{name}: {call.verb}")
        if call.verb == "PATCH" and not {"buildConfig", "serviceConfig"} <= set(
            call.query["updateMask"].split(",")
        ):
            return refusal(400, "nothing would change", "INVALID_ARGUMENT")
        source = self.uploads.get(build["source"]["storageSource"]["object"])
        if source is None:
            return refusal(400, "the source was not uploaded", "INVALID_ARGUMENT")
        with zipfile.ZipFile(io.BytesIO(source)) as archive:
            files = {path: archive.read(path) for path in archive.namelist()}
        if "main.py" not in files or "requirements.txt" not in files:
            return refusal(400, "main.py and requirements.txt are wanted", "INVALID_ARGUMENT")
        self.functions[name] = asked
        failure = self._run.serve_function(
            region, name, asked.get("labels", {}), service, build["entryPoint"], files
        )
        if failure is not None:
            return document(self._ended(region, {"error": {"code": 3, "message": failure}}))
        return document(self._ended(region, {"response": asked}))

    def _ended(self, region: str, end: dict[str, Any]) -> dict[str, Any]:
        """An operation that is asked for once before it ends."""
        name = f"projects/{self._run.project}/locations/{region}/operations/operation-{next(self._numbers)}"
        self._operations[name] = {"name": name, "done": True, **end}
        stages = [{"name": "BUILD", "state": "IN_PROGRESS"}]
        return {"name": name, "metadata": {"stages": stages}}
