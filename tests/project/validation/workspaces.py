"""A workspace in which everything is right, for one document of it to be broken."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from miniprogram.project.validation.delivery import validate_delivery
from miniprogram.project.validation.report import ValidationReport

MANIFEST = {
    "id": "shop",
    "version": "1.0.0",
    "entry": "home",
    "contractVersion": "1.0.0",
    "sdkVersionRange": ">=1.0.0 <2.0.0",
    "requiredCapabilities": ["analytics"],
}


RULE = {"id": "r", "version": "1.0.0", "hostApp": "a"}


ROLLOUT = {"miniProgramId": "shop", "defaultVersion": "1.0.0", "rules": [RULE]}


POLICY = {
    "miniProgramId": "shop",
    "requireContextForLatest": True,
    "enforceManifestCapabilities": True,
    "requiredQueryParameters": ["hostApp", "capabilities"],
}


SECURE = {
    "endpoint": "feedback/submit",
    "allowedMethods": ["post"],
    "allowedHosts": ["app"],
    "allowedSources": ["shop"],
    "minimumMessageLength": 12,
}


LATEST = "backend/api/manifests/shop/latest.json"


VERSION = "backend/api/manifests/shop/versions/1.0.0.json"


ROLLOUT_PATH = "backend/api/rollout-rules/shop.json"


POLICY_PATH = "backend/api/capability-policies/shop.json"


SECURE_PATH = "backend/api/secure-api-policies/feedback_submit.json"


AUTHORED = "mini_programs/shop/manifest.json"


class Workspace:
    """A monorepo that is its own backend: one program, authored and published, with every kind of document."""

    def __init__(self, root: Path) -> None:
        self.root = root
        for path in (AUTHORED, LATEST, VERSION):
            self.write(path, MANIFEST)
        self.write("backend/api/screens/shop/1.0.0/home.json", {"type": "text", "data": "x"})
        self.write(ROLLOUT_PATH, ROLLOUT)
        self.write(POLICY_PATH, POLICY)
        self.write(SECURE_PATH, SECURE)

    def write(self, path: str, content: object) -> None:
        target = self.root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        body = content if isinstance(content, bytes) else json.dumps(content).encode()
        target.write_bytes(body)

    def remove(self, path: str) -> None:
        (self.root / path).unlink()

    def validate(self, program_id: str | None = "shop", *, thorough: bool = False) -> ValidationReport:
        return validate_delivery(None, self.root, program_id, thorough=thorough)


def found(report: ValidationReport) -> list[tuple[str, str]]:
    return [(message.code, message.path) for message in report.messages]


def change(document: dict[str, Any], **changes: object) -> dict[str, Any]:
    """`document` with members changed; `...` removes one."""
    return {key: value for key, value in {**document, **changes}.items() if value is not ...}


def rules(*given: object) -> dict[str, Any]:
    return change(ROLLOUT, rules=list(given))
