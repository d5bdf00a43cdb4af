"""Brings a release to everybody with a client that was generated from the OpenAPI document.

Runs as a program of its own, `generated_client.py FOLDER URL DEVELOPER_TOKEN REVIEWER_TOKEN`, with the Python of
the test bed that has what such a client needs. FOLDER holds the package `admin_client`. Prints what became of it.
"""

# The package exists once it is generated.
# mypy: ignore-errors
from __future__ import annotations

import importlib
import json
import sys
from io import BytesIO
from typing import Any

PROGRAM, APP, STAGE = "shop", "wallet", "production"


def main(folder: str, url: str, developer_token: str, reviewer_token: str) -> None:
    sys.path.insert(0, folder)
    from admin_client import AuthenticatedClient
    from admin_client import models as m

    developer = AuthenticatedClient(base_url=url, token=developer_token, raise_on_unexpected_status=True)
    reviewer = AuthenticatedClient(base_url=url, token=reviewer_token, raise_on_unexpected_status=True)

    def ask(group: str, operation: str, *names: str, client: Any = developer, **arguments: Any) -> Any:
        module = importlib.import_module(f"admin_client.api.{group}.{operation}")
        answer = module.sync_detailed(*names, client=client, **arguments)
        if isinstance(answer.parsed, m.Problem) or answer.parsed is None:
            raise SystemExit(f"{operation}: {answer.status_code} {answer.content.decode()}")
        return answer

    def give(verb: str, version: str, *, client: Any = developer, **arguments: Any) -> Any:
        tag = ask("releases", "release_list", PROGRAM).headers["etag"]
        answer = ask(
            "releases", f"release_{verb}", PROGRAM, APP, STAGE, version, client=client, if_match=tag, **arguments
        )
        release = answer.parsed.release
        print(json.dumps([verb, version, release.state.value, release.grayscale.basis_points]))
        return release

    def bring(version: str, audience: Any) -> None:
        wanted = m.NewRelease(version=version)
        ask("releases", "release_create", PROGRAM, APP, STAGE, body=wanted)
        said = m.ConfigurationChanges(
            title="Coupons",
            description="Collect coupons.",
            server_domains=["https://api.example.com"],
            upgrade=m.UpgradePolicy(mode=m.UpgradePolicyMode.PROMPT_ONCE),
            audience=audience,
        )
        configured = give("configure", version, body=said)
        assert configured.configuration.upgrade.mode is m.UpgradePolicyMode.PROMPT_ONCE
        give("apply", version, body=m.NoArguments())
        shown = ask("releases", "release_show", PROGRAM, APP, STAGE, version, client=reviewer).parsed
        seen = m.Approval(seen_digest=shown.review_digest)
        give("approve", version, client=reviewer, body=seen)

    ids = importlib.import_module("admin_client.types").File(payload=BytesIO(b"u-1\nu-2\n"))
    bring("1.0.0", None)
    give("pilot_skip", "1.0.0", body=m.NoArguments())
    give("finish", "1.0.0", body=m.Finish(final=True))
    ask("segments", "segment_import", PROGRAM, "vip", body=ids, if_match="*")
    phones = m.Condition(attribute="platform", operator=m.ConditionOperator.IN, values=["android", "ios"])
    not_vip = m.Negation(
        not_=m.Condition(attribute="userId", operator=m.ConditionOperator.SEGMENT, values=["vip"])
    )
    bring("1.1.0", m.AllOf(all_=[phones, not_vip]))
    give("pilot_start", "1.1.0", body=m.FirstTesters(testers=["tess"]))
    give("pilot_complete", "1.1.0", body=m.NoArguments())
    give("grayscale", "1.1.0", body=m.Ratio(basis_points=5_000))
    give("finish", "1.1.0", body=m.Finish(final=True))
    rule = m.SwitchRule(value=True, audience=phones, basis_points=2_500)
    switch = m.SwitchMembers(type_=m.SwitchMembersType.BOOLEAN, default=False, rules=[rule])
    ask("switches", "switch_set", PROGRAM, "new-checkout", body=switch, if_match="*")
    [kept] = ask("switches", "switch_list", PROGRAM).parsed.switches
    assert kept.rules[0].audience == phones, kept
    asked = m.VisitorAttributes.from_dict({"userId": "u-9", "platform": "ios"})
    why = ask("questions", "release_why", PROGRAM, APP, STAGE, body=m.Visitor(attributes=asked)).parsed
    print(json.dumps(["why", why.version]))


if __name__ == "__main__":
    main(*sys.argv[1:])
