"""Security rules of a project's Firestore: who reaches the database without going through the backend.

Rules do not bind the backend itself. Rules that a project has already are other people's too: they are asked, by
Google's own evaluation, and never replaced.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any

from miniprogram.errors import MiniProgramError
from miniprogram.seams.backend_operator import Progress
from miniprogram_firebase.backend.starter import record_names as names
from miniprogram_gcp.cloud_errors import cloud_errors, names_lost_project
from miniprogram_gcp.google_calls import Refused, service_calls

SERVICE = "https://firebaserules.googleapis.com"
API, ENABLED = "firebaserules", "firebaserules.googleapis.com"
RELEASE = "cloud.firestore"
"""The release that the default database obeys."""
FILE = "firestore.rules"
_NOBODY: Mapping[str, Any] = {}
_SOMEBODY: Mapping[str, Any] = {"auth": {"uid": "somebody", "token": {"email": "somebody@example.com"}}}


@dataclass(frozen=True, slots=True)
class Opening:
    """Something that the rules let people do to records of a program. As a sentence: `WHO may WHAT PATH`."""

    who: str
    what: str
    path: str

    def __str__(self) -> str:
        return f"{self.who} may {self.what} {self.path}"


class SecurityRules:
    """The rules of one project. Raises MiniProgramError with a sentence for whatever Google refuses."""

    def __init__(self, project: str, environment: str, environ: Mapping[str, str], **options: Any) -> None:
        """`environment` is the one errors name; `options` are those of GoogleCalls."""
        self._calls = service_calls(API, SERVICE, environ, **options)
        self._project = project
        self._errors = cloud_errors(
            "Firebase Rules", project, environment, api=ENABLED, role="roles/firebaserules.admin"
        )

    def close(self, source: str, program_id: str, progress: Progress) -> None:
        """See to it that nobody but the backend reaches the records of a program.

        A project without rules gets `source`. Raises MiniProgramError when rules that are there let somebody in.
        """
        ruleset = self.ruleset()
        if ruleset is None:
            self._release(source)
            progress("Closed the database to browsers and apps.")
            return
        for opening in self._openings(ruleset, program_id):
            raise MiniProgramError(
                f"the security rules of {self._project} leave the database open: {opening}",
                hint="Let them say `match /miniPrograms/{document=**} { allow read, write: if false; }`, and let "
                "no other rule match there; or leave them as they are with --keep-rules.",
            )

    def ruleset(self) -> str | None:
        """The name of the rules in force, or None when there are none: then nobody but servers is let in."""
        with self._mapped("look at the security rules"):
            try:
                answer = self._calls.call("GET", f"/v1/projects/{self._project}/releases/{RELEASE}")
            except Refused as refused:
                if refused.status == 404 and not names_lost_project(refused.message):
                    return None
                raise
        return str(answer.json()["rulesetName"])

    def openings(self, program_id: str) -> list[Opening]:
        """What the rules in force let people do to the records of a program."""
        ruleset = self.ruleset()
        return [] if ruleset is None else list(self._openings(ruleset, program_id))

    def _openings(self, ruleset: str, program_id: str) -> Iterator[Opening]:
        asked = [
            (Opening(who, what, f"{names.program_path(program_id)}/{collection}"), request, method)
            for collection in (names.REDEMPTIONS, names.COUPONS, names.HOME[0], names.SESSION[0])
            for who, request in (("anybody", _NOBODY), ("whoever is signed in", _SOMEBODY))
            for what, method in (("read", "get"), ("write", "create"))
        ]
        cases = [
            {
                "expectation": "DENY",
                "request": {
                    **request,
                    "method": method,
                    "path": f"/databases/(default)/documents/{opening.path}/a",
                    "time": "2030-01-01T00:00:00Z",
                },
            }
            for opening, request, method in asked
        ]
        with self._mapped("ask what the security rules allow"):
            answer = self._calls.call(
                "POST", f"/v1/{ruleset}:test", json={"testSuite": {"testCases": cases}}
            ).json()
        results = answer.get("testResults", [])
        if len(results) != len(cases):
            raise MiniProgramError(f"Google does not say what the security rules of {self._project} allow")
        for (opening, _, _), result in zip(asked, results, strict=True):
            if result.get("state") != "SUCCESS":
                yield opening

    def _release(self, source: str) -> None:
        files = [{"name": FILE, "content": source}]
        with self._mapped("deploy security rules"):
            made = self._calls.call(
                "POST", f"/v1/projects/{self._project}/rulesets", json={"source": {"files": files}}
            ).json()
            name = f"projects/{self._project}/releases/{RELEASE}"
            release = {"name": name, "rulesetName": made["name"]}
            answer = self._calls.call(
                "POST", f"/v1/projects/{self._project}/releases", json=release, expect=(409,)
            )
        if answer.status_code == 409:
            raise MiniProgramError(
                f"somebody else deployed security rules to {self._project} meanwhile",
                hint="Run the same command again: it looks at theirs.",
            )

    def _mapped(self, doing: str) -> AbstractContextManager[None]:
        return self._errors.mapped(doing, resource=f"the project {self._project}")
