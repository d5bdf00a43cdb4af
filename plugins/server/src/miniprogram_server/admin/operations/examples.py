"""An example of every name in a path and of every body: a coupon shop whose version 1.1.0 goes to a wallet."""

from __future__ import annotations

import json
from importlib.resources import files
from typing import Any

NAMES: dict[str, str] = {
    "programId": "shop",
    "version": "1.1.0",
    "hostApp": "wallet",
    "environment": "production",
    "segment": "staff",
    "key": "new-checkout",
    "member": "eve@corp.example",
    "tokenId": "0a1b2c3d4e",
    "sessionId": "5f6e7d8c9b",
    "overrideId": "o-7",
}
"""By name of the parameter."""

_GERMANY = {"attribute": "country", "operator": "in", "values": ["de"], "caseInsensitive": True}
_AUDIENCE = {"all": [{"attribute": "platform", "operator": "in", "values": ["android", "ios"]}, _GERMANY]}
_STAFF = {"attribute": "userId", "operator": "segment", "values": ["staff"]}
_ONE_PERSON = {"attribute": "userId", "operator": "in", "values": ["u-4711"]}
_NOTHING: dict[str, Any] = {}

BODIES: dict[str, Any] = {
    "ReleaseCreate": {"version": "1.1.0"},
    "ReleaseReopen": {"reason": "The report was about another version."},
    "ReleaseConfigure": {
        "title": "Coupons",
        "description": "Collect coupons and use them at the till.",
        "serverDomains": ["https://api.example.com"],
        "upgrade": {"mode": "prompt_once", "network": "wifi"},
        "audience": _AUDIENCE,
    },
    "ReleaseApply": _NOTHING,
    "ReleaseWithdraw": _NOTHING,
    "ReleaseApprove": _NOTHING,
    "ReleaseReject": {"reason": "The description does not say that coupons expire."},
    "ReleasePilotStart": {"testers": ["u-4711", "u-4712"]},
    "ReleaseTestersAdd": {"testers": ["u-4713"]},
    "ReleaseTestersRemove": {"testers": ["u-4712"]},
    "ReleasePilotComplete": _NOTHING,
    "ReleasePilotSkip": _NOTHING,
    "ReleaseGrayscale": {"basisPoints": 1_000},
    "ReleaseShrink": {"basisPoints": 500, "reason": "The till is slow."},
    "ReleaseFinish": {"final": True},
    "ReleasePause": {"reason": "We look into a report."},
    "ReleaseResume": {"reason": "It was something else."},
    "ReleaseHalt": {"reason": "Coupons are counted twice."},
    "ReleaseCancel": {"reason": "1.2.0 comes instead."},
    "ReleaseRollback": {"to": "1.0.0", "reason": "Coupons are counted twice."},
    "ReleaseOffline": {"reason": "The campaign is over."},
    "ReleaseForceRemove": {"reason": "It sends addresses to somebody else."},
    "ReleaseWhy": {"attributes": {"userId": "u-4711", "platform": "android", "country": "de"}},
    "ReleaseSimulate": {"basisPoints": 2_500, "audience": {"not": _GERMANY}, "visitors": 2_000},
    "LinkIssue": {"hours": 24},
    "SegmentChange": {"add": ["u-4713"], "remove": ["u-4712"]},
    "SegmentPatterns": {"patterns": [r"@corp\.example$"], "ignoreCase": True},
    "SwitchSet": {
        "type": "boolean",
        "default": False,
        "description": "The checkout in one step.",
        "rules": [{"value": True, "audience": _STAFF}, {"value": True, "basisPoints": 2_500}],
    },
    "SwitchTurn": {"enabled": False},
    "SwitchImport": {
        "existing": "skip",
        "switches": [{"key": "banner", "type": "string", "default": "", "rules": []}],
    },
    "OverrideAdd": {"kind": "deny", "audience": _ONE_PERSON, "reason": "Fraud, case 17."},
    "OverrideLift": {"reason": "Case 17 is closed."},
    "OtherwiseSet": {"otherwise": "refuse"},
    "AppAdd": {"name": "city-app", "title": "City", "platforms": ["android"], "environments": ["test"]},
    "AppUpdate": {"title": "City and Country"},
    "AppRemove": {"reason": "It was merged into another app."},
    "AppEnvironmentSet": {"supportsPilot": True},
    "MemberAdd": {"grants": [{"role": "operator", "hostApp": "wallet"}, {"role": "reviewer", "program": "shop"}]},
    "MemberRevoke": {
        "grants": [{"role": "reviewer", "program": "shop"}],
        "reason": "They develop it now.",
    },
    "MemberRemove": {"reason": "They left."},
    "MemberOffboard": {"reason": "They left.", "revokeMade": True},
    "TokenCreate": {"member": "eve@corp.example", "days": 30, "description": "The pipeline."},
    "TokenRevoke": {"reason": "It was shown on a screen."},
    "MemberSessionsEnd": {"reason": "A laptop was lost."},
    "ReleaseRepair": {"reason": "The disk was full."},
}
"""By name of the operation."""

LIST_OF_IDS = "u-4711\nu-4712\n"
"""Of an operation that takes a list of ids."""


def answers() -> dict[str, Any]:
    """The answer to each operation in a story that their examples make, by name.

    `tools/api_answers.py` of the repository writes them.
    """
    text = files(__package__).joinpath("answers.json").read_text(encoding="utf-8")
    found: dict[str, Any] = json.loads(text)
    return found
