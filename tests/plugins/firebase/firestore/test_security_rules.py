"""Rules that close the database: deployed where there are none, asked where there are."""

from __future__ import annotations

from importlib.resources import files

import pytest

from miniprogram.errors import MiniProgramError
from miniprogram_firebase.backend.security_rules import SecurityRules
from testbed.google.rules import RulesService
from testbed.google.server import TOKEN, Call, GoogleStandIn, Reply

CLOSED = (files("miniprogram_firebase.backend") / "starter" / "firestore.rules").read_text()


@pytest.fixture
def service(google: GoogleStandIn) -> RulesService:
    made = RulesService("shop-project")
    google.services.append(made)
    return made


@pytest.fixture
def rules(google: GoogleStandIn, service: RulesService) -> SecurityRules:
    assert service.releases == {}
    environ = {"CLOUDSDK_API_ENDPOINT_OVERRIDES_FIREBASERULES": google.address, "FIREBASE_TOKEN": TOKEN}
    return SecurityRules("shop-project", "prod", environ, sleep=lambda _: None)


def test_a_project_without_rules_is_closed(rules: SecurityRules, service: RulesService) -> None:
    said: list[str] = []
    rules.close(CLOSED, "shop", said.append)
    assert said == ["Closed the database to browsers and apps."]
    assert list(service.rulesets.values()) == [CLOSED]
    assert rules.openings("shop") == []
    rules.close(CLOSED, "shop", said.append)
    assert len(service.rulesets) == len(said) == 1


@pytest.mark.parametrize(
    ("match", "condition", "opening"),
    [
        ("/{document=**}", "true", "anybody may read miniPrograms/shop/redemptions"),
        ("/{document=**}", "request.auth != null", "whoever is signed in may read miniPrograms/shop/redemptions"),
        ("/miniPrograms/{program}/coupons/{coupon}", "true", "anybody may read miniPrograms/shop/coupons"),
        ("/miniPrograms/shop/home/{name}", "true", "anybody may read miniPrograms/shop/home"),
    ],
)
@pytest.mark.parametrize("verb", ["read", "write"])
def test_open_rules_stop_it_and_stay(
    rules: SecurityRules, service: RulesService, match: str, condition: str, opening: str, verb: str
) -> None:
    source = f"service cloud.firestore {{ match {match} {{ allow {verb}: if {condition}; }} }}"
    service.release(source)
    with pytest.raises(MiniProgramError) as caught:
        rules.close(CLOSED, "shop", lambda _: None)
    assert opening.replace("read", verb) in str(caught.value)
    assert "--keep-rules" in (caught.value.hint or "")
    assert list(service.rulesets.values()) == [source]


def test_rules_that_leave_the_records_alone_are_left_alone(rules: SecurityRules, service: RulesService) -> None:
    service.release("service cloud.firestore { match /posts/{post} { allow read: if true; } }")
    rules.close(CLOSED, "shop", lambda _: None)
    assert len(service.rulesets) == 1


def test_a_rival_that_deploys_rules_meanwhile_wins(
    rules: SecurityRules, service: RulesService, google: GoogleStandIn
) -> None:
    def intrude(call: Call) -> Reply | None:
        if call.verb == "POST" and call.path.endswith("/releases"):
            service.release("theirs")
        return None

    google.interruptions.append(intrude)
    with pytest.raises(MiniProgramError, match="meanwhile"):
        rules.close(CLOSED, "shop", lambda _: None)
    assert service.rulesets[next(iter(service.releases.values()))] == "theirs"
