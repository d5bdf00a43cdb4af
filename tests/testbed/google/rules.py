"""A stand-in for Firebase Rules: rulesets, releases, and tests of rules that are true, false, or ask who."""

from __future__ import annotations

import re
from typing import Any

from testbed.google.discovery_check import described
from testbed.google.server import TOKEN, Call, Reply, document, refusal


class RulesService:
    """The rules of one project. `releases` are names of rulesets by name, `rulesets` their sources."""

    def __init__(self, project: str) -> None:
        self._root = f"projects/{project}"
        self.prefixes = (f"/v1/{self._root}/rulesets", f"/v1/{self._root}/releases")
        self.rulesets: dict[str, str] = {}
        self.releases: dict[str, str] = {}

    def release(self, source: str) -> None:
        """Put rules in force, as somebody else would."""
        name = f"{self._root}/rulesets/{len(self.rulesets) + 1}"
        self.rulesets[name] = source
        self.releases[f"{self._root}/releases/cloud.firestore"] = name

    def answer(self, call: Call) -> Reply:
        if call.headers.get("authorization") != f"Bearer {TOKEN}":
            return refusal(401, "Request had invalid authentication credentials.", "UNAUTHENTICATED")
        faults = described("firebaserules.v1").faults(call.verb, call.path, call.query, call.json)
        if faults:
            return refusal(400, "; ".join(faults), "INVALID_ARGUMENT")
        name = call.path.removeprefix("/v1/")
        if call.verb == "GET":
            return self._get(name)
        if name.endswith(":test"):
            return self._test(name.removesuffix(":test"), call.json)
        if name == f"{self._root}/rulesets":
            made = f"{self._root}/rulesets/{len(self.rulesets) + 1}"
            [file] = call.json["source"]["files"]
            self.rulesets[made] = file["content"]
            return document({"name": made, "source": call.json["source"]})
        if name == f"{self._root}/releases":
            return self._make_release(call.json)
        return refusal(404, f"nothing is at {call.path}", "NOT_FOUND")

    def _get(self, name: str) -> Reply:
        if name in self.releases:
            return document({"name": name, "rulesetName": self.releases[name]})
        return refusal(404, "Requested entity was not found.", "NOT_FOUND")

    def _make_release(self, asked: Any) -> Reply:
        if asked["rulesetName"] not in self.rulesets:
            return refusal(404, "Requested entity was not found.", "NOT_FOUND")
        if asked["name"] in self.releases:
            return refusal(409, "Requested entity already exists", "ALREADY_EXISTS")
        self.releases[asked["name"]] = asked["rulesetName"]
        return document(asked)

    def _test(self, name: str, asked: Any) -> Reply:
        if name not in self.rulesets:
            return refusal(404, "Requested entity was not found.", "NOT_FOUND")
        results = []
        for case in asked["testSuite"]["testCases"]:
            allowed = _allows(self.rulesets[name], case["request"])
            fits = allowed == (case["expectation"] == "ALLOW")
            results.append({"state": "SUCCESS" if fits else "FAILURE"})
        return document({"testResults": results})


def _allows(source: str, request: Any) -> bool:
    """Whether any rule lets the request in. Rules are `allow METHODS: if CONDITION` in a `match` of one line."""
    path = request["path"].removeprefix("/databases/(default)/documents")
    for pattern, methods, condition in re.findall(
        r"match (/\S+) \{\s*allow ([a-z, ]+): if ([^;]+);", source, re.DOTALL
    ):
        wanted = {"read"} if request["method"] == "get" else {"write", "create"}
        if not wanted & {each.strip() for each in methods.split(",")}:
            continue
        expression = re.sub(r"\\\{\w+=\\\*\\\*\\\}", ".+", re.escape(pattern))
        if not re.fullmatch(re.sub(r"\\\{\w+\\\}", "[^/]+", expression), path):
            continue
        if condition == "true" or (condition == "request.auth != null" and "auth" in request):
            return True
    return False
