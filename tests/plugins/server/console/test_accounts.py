"""Signing in with an account, against a provider that answers over HTTP and lies when it is told to."""

from __future__ import annotations

import html
import re
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

import httpx
import pytest

from miniprogram.errors import UsageError
from miniprogram.identity.command_context import CommandContext
from miniprogram.identity.environment_document import Member, read_environment
from miniprogram.identity.members import add_member, remove_member
from miniprogram.identity.roles import Grant, Role, store_owner
from miniprogram.targets import Stage
from miniprogram_server.admin.framework.rate_limit import Rate
from miniprogram_server.console.accounts import pending as pending_module
from miniprogram_server.console.accounts.account_pages import BACK, START
from miniprogram_server.console.accounts.settings import AccountSettings, AccountSignIn, read_account_settings
from miniprogram_server.console.session.sessions import COOKIE
from plugins.server.conftest import API, CONSOLE, Administered, administered
from testbed.openid_provider import CLIENT, SECRET, OpenIdProvider, openid_provider

DANA = {
    "sub": "u-17", "email": "Dana@Corp.example", "email_verified": True, "name": "Dana of Releases",
    "groups": ["everybody", "release-managers"],
}  # fmt: skip
ON_CALL = Grant(role=Role.OPERATOR, host_app="wallet", environment=Stage.PRODUCTION, program="shop")
NAME = "dana@corp.example"


@dataclass
class Office:
    """A console whose people have accounts at a provider."""

    world: Administered
    provider: OpenIdProvider

    def leave(self, **more: str) -> str:
        """Press the button. Returns the address at the provider."""
        self.world.client.cookies.clear()
        answer = self.world.client.post(START, data={"next": "", **more})
        assert answer.status_code == 200, answer.text
        found = re.search(r'http-equiv="refresh" content="0; url=([^"]+)"', answer.text)
        assert found is not None
        return html.unescape(found[1])

    def at_provider(self, address: str, login: str = "dana") -> str:
        """Sign in there. Returns where the browser is sent."""
        answer = httpx.get(
            address, params={**dict(parse_qsl(urlsplit(address).query)), "login": login}, trust_env=False
        )
        assert answer.status_code == 302, answer.text
        return answer.headers["location"]

    def back(self, location: str) -> httpx.Response:
        return self.world.client.get(location)

    def sign_in(self, login: str = "dana", **more: str) -> httpx.Response:
        return self.back(self.at_provider(self.leave(**more), login))

    def member(self, name: str = NAME) -> Member | None:
        return read_environment(self.world.storage).member(name)

    def is_in(self) -> bool:
        return self.world.client.get(f"{CONSOLE}/").status_code == 200

    def owner(self) -> CommandContext:
        return CommandContext(self.world.storage, store_owner("owner"), self.world.now())


def settings(provider: OpenIdProvider, **more: Any) -> AccountSettings:
    roles = [
        {"group": "release-managers", "role": "operator", "host_app": "wallet", "environment": "production",
         "program": "shop"},
        {"group": "admins", "role": "admin"},
    ]  # fmt: skip
    said = {"issuer": provider.issuer, "client_id": CLIENT, "label": "Corp", "allowed_domains": ["corp.example"]}
    return AccountSettings.model_validate({**said, "roles": roles, **more})


@pytest.fixture
def provider() -> Iterator[OpenIdProvider]:
    with openid_provider() as found:
        found.people = {"dana": dict(DANA)}
        yield found


@pytest.fixture
def office(provider: OpenIdProvider) -> Iterator[Office]:
    accounts = AccountSignIn(settings(provider), SECRET)
    world = administered(Rate(per_second=1000, burst=100_000), accounts=accounts, origin="http://console.test")
    yield Office(world, provider)
    world.client.close()


def test_groups_bring_roles_with_their_scope(office: Office) -> None:
    answer = office.sign_in()

    assert answer.status_code == 200
    assert "url=/console/" in answer.text
    assert office.is_in()
    dana = office.member()
    assert dana is not None
    assert (dana.provided, dana.grants, dana.title) == ((ON_CALL,), (), "Dana of Releases")
    assert dana.account is not None
    assert (dana.account.issuer, dana.account.subject) == (office.provider.issuer, "u-17")
    page = office.world.client.get(f"{CONSOLE}/people/{NAME}").text
    assert "operator on wallet:production for shop" in page


def test_the_session_cookie_is_as_strict_as_any(office: Office) -> None:
    answer = office.sign_in()

    cookies = answer.headers.get_list("set-cookie")
    session = next(each for each in cookies if each.startswith(f"{COOKIE}="))
    assert all(part in session for part in ("HttpOnly", "SameSite=strict", "Path=/console"))
    assert answer.headers["cache-control"] == "no-store"


def test_signing_in_leads_to_the_page_that_was_wanted_and_nowhere_else(office: Office) -> None:
    assert "url=/console/programs/shop" in office.sign_in(next="/console/programs/shop").text
    for other in ("https://evil.example/", "//evil.example", "/console//evil", "/\\evil"):
        assert 'url=/console/"' in office.sign_in(next=other).text


def test_who_has_no_role_is_told_so_and_is_no_member(office: Office) -> None:
    office.provider.people["dana"]["groups"] = ["everybody"]

    answer = office.sign_in()

    assert (answer.status_code, office.member(), office.is_in()) == (403, None, False)
    assert f"{NAME} has no role here" in answer.text.replace("Dana", "dana")


def test_roles_follow_the_groups_with_the_next_sign_in(office: Office) -> None:
    office.sign_in()
    office.provider.people["dana"]["groups"] = ["admins"]

    office.sign_in()

    dana = office.member()
    assert dana is not None
    assert dana.provided == (Grant(role=Role.ADMIN),)


def test_what_groups_bring_ends_when_somebody_does_not_sign_in_any_more(office: Office) -> None:
    office.sign_in()
    dana = office.member()
    assert dana is not None
    assert dana.provided_until is not None
    assert dana.held(dana.provided_until) == ()
    assert dana.held(read_environment(office.world.storage).updated_at_utc) == (ON_CALL,)


def test_a_member_by_that_name_is_theirs_from_the_first_time_on(office: Office) -> None:
    add_member(office.owner(), NAME, [Grant(role=Role.REVIEWER)])
    office.sign_in()
    office.provider.people["other"] = {**DANA, "sub": "u-18"}  # the address was given to somebody else

    answer = office.sign_in("other")

    assert answer.status_code == 403
    assert "another account" in answer.text
    dana = office.member()
    assert dana is not None
    assert dana.account is not None
    assert (dana.grants, dana.account.subject) == ((Grant(role=Role.REVIEWER),), "u-17")


def test_who_left_is_not_a_member_again_until_somebody_adds_them(office: Office) -> None:
    office.sign_in()
    assert office.is_in()
    remove_member(office.owner(), NAME, reason="left")

    assert not office.is_in()
    answer = office.sign_in()
    assert (answer.status_code, office.member()) == (403, None)
    assert "has left" in answer.text

    add_member(office.owner(), NAME, [Grant(role=Role.REVIEWER)])
    assert office.sign_in().status_code == 200


LIES: dict[str, Callable[[dict[str, Any]], object]] = {
    "another nonce": lambda claims: claims.update(nonce="another"),
    "no nonce": lambda claims: claims.pop("nonce"),
    "for another client": lambda claims: claims.update(aud="another"),
    "for another client, asked by this one": lambda claims: claims.update(aud="another", azp=CLIENT),
    "for others too, by another": lambda claims: claims.update(aud=[CLIENT, "another"], azp="another"),
    "of another issuer": lambda claims: claims.update(iss="https://evil.example"),
    "over": lambda claims: claims.update(exp=int(time.time()) - 120),
    "of tomorrow": lambda claims: claims.update(iat=int(time.time()) + 86_400, nbf=int(time.time()) + 86_400),
    "without an end": lambda claims: claims.pop("exp"),
    "of nobody": lambda claims: claims.pop("sub"),
    "an address nobody verified": lambda claims: claims.update(email_verified=False),
    "an address that may be verified": lambda claims: claims.update(email_verified="true"),
    "another domain": lambda claims: claims.update(email="dana@evil.example"),
    "a domain that begins so": lambda claims: claims.update(email="dana@corp.example.evil.example"),
    "no address": lambda claims: claims.update(email=""),
    "an address that names nobody": lambda claims: claims.update(email="da na@corp.example"),
}


@pytest.mark.parametrize("lie", LIES.values(), ids=LIES)
def test_a_token_that_does_not_hold_opens_nothing(office: Office, lie: Callable[[dict[str, Any]], object]) -> None:
    office.provider.lie = lie  # type: ignore[assignment]

    answer = office.sign_in()

    assert answer.status_code == 403, answer.text
    assert not office.is_in()
    assert office.member() is None
    assert COOKIE not in answer.headers.get("set-cookie", "").replace("miniprogram_sign_in", "")


@pytest.mark.parametrize("sign", ["none", "HS256"])
def test_a_token_that_the_provider_did_not_sign_opens_nothing(office: Office, sign: str) -> None:
    office.provider.sign = sign

    answer = office.sign_in()

    assert (answer.status_code, office.is_in(), office.member()) == (403, False, None)


def test_clocks_may_differ_a_little(office: Office) -> None:
    office.provider.lie = lambda claims: claims.update(iat=int(time.time()) + 30, exp=int(time.time()) + 31)

    assert office.sign_in().status_code == 200


def test_new_keys_of_the_provider_are_found_but_not_looked_for_all_the_time(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    office.sign_in()
    office.provider.rotate()
    assert office.sign_in().status_code == 403, "they were fetched a moment ago"
    monkeypatch.setattr("miniprogram_server.console.accounts.provider.KEYS_ASKED_EVERY_S", 0.0)

    assert office.sign_in().status_code == 200


def test_a_code_counts_once(office: Office) -> None:
    location = office.at_provider(office.leave())
    cookies = dict(office.world.client.cookies)
    assert office.back(location).status_code == 200
    office.world.client.cookies.clear()
    office.world.client.cookies.update(cookies)

    answer = office.back(location)

    assert answer.status_code == 403
    assert "done already" in answer.text


def test_a_sign_in_that_began_in_another_browser_is_not_taken_over(office: Office) -> None:
    """Somebody sends a victim the way back of their own sign-in, or waits for the code of the victim's."""
    location = office.at_provider(office.leave())
    office.world.client.cookies.clear()
    assert office.back(location).status_code == 403
    office.leave()

    assert office.back(location).status_code == 403
    assert not office.is_in()


def test_a_code_of_another_sign_in_is_of_no_use(office: Office) -> None:
    """The provider holds it against the challenge of the sign-in that it was made for."""
    stolen = dict(parse_qsl(urlsplit(office.at_provider(office.leave())).query))["code"]
    location = urlsplit(office.at_provider(office.leave()))
    said = {**dict(parse_qsl(location.query)), "code": stolen}

    answer = office.back(f"{BACK}?{urlencode(said)}")

    assert (answer.status_code, office.is_in()) == (403, False)


@pytest.mark.parametrize("said", ["https://evil.example", None], ids=["another", "none"])
def test_an_answer_of_another_provider_is_refused_before_the_code_is_shown_to_anybody(
    office: Office, said: str | None
) -> None:
    location = urlsplit(office.at_provider(office.leave()))
    query = {name: value for name, value in parse_qsl(location.query) if name != "iss"}
    before = office.provider.asked.count("/token")

    answer = office.back(f"{BACK}?{urlencode({**query, **({'iss': said} if said else {})})}")

    assert (answer.status_code, office.provider.asked.count("/token")) == (403, before)
    assert "not from the provider" in answer.text


def test_a_sign_in_that_takes_too_long_is_over(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    location = office.at_provider(office.leave())
    monkeypatch.setattr(pending_module, "LIFETIME_S", -1.0)

    assert office.back(location).status_code == 403


def test_what_the_provider_refuses_is_told_without_its_words(office: Office) -> None:
    location = urlsplit(office.at_provider(office.leave()))
    query = dict(parse_qsl(location.query))
    del query["code"]
    said = {**query, "error": "access_denied", "error_description": "<script>call 0800-EVIL</script>"}

    answer = office.back(f"{BACK}?{urlencode(said)}")

    assert answer.status_code == 403
    assert "access denied" in answer.text
    assert "0800" not in answer.text


def test_while_the_provider_is_down_people_are_told_and_tokens_work(office: Office) -> None:
    office.provider.is_down = True

    answer = office.world.client.post(START, data={"next": "/console/reviews"})

    assert answer.status_code == 503
    assert "Corp gives no answer to sign-ins now" in answer.text
    assert "sign in with a token" in answer.text
    assert 'name="next" value="/console/reviews"' in answer.text
    signed = office.world.client.post(f"{CONSOLE}/login", data={"token": office.world.tokens["ann"]})
    assert signed.status_code == 303


def test_a_provider_that_goes_down_meanwhile_is_told_too(office: Office) -> None:
    location = office.at_provider(office.leave())
    office.provider.is_down = True

    assert office.back(location).status_code == 503


@pytest.mark.parametrize(
    "more",
    [{"issuer": "https://evil.example"}, {"token_endpoint": "http://evil.example/token"}, {"jwks_uri": None}],
    ids=["another issuer", "in the clear", "no keys"],
)
def test_a_provider_that_says_something_strange_of_itself_is_not_used(
    office: Office, more: dict[str, Any]
) -> None:
    office.provider.metadata_more = more

    answer = office.world.client.post(START, data={"next": ""})
    if answer.status_code == 200:
        answer = office.sign_in()

    assert answer.status_code == 503
    assert not office.is_in()


def test_claims_that_the_token_does_not_hold_are_asked_for(office: Office) -> None:
    office.provider.thin = True

    assert office.sign_in().status_code == 200
    dana = office.member()
    assert dana is not None
    assert dana.provided == (ON_CALL,)


def test_signing_out_ends_the_session_and_offers_to_sign_out_there_too(office: Office) -> None:
    office.sign_in()
    page = office.world.client.get(f"{CONSOLE}/people").text
    csrf = re.search(r'name="csrf" value="([^"]+)"', page)[1]  # type: ignore[index]

    left = office.world.client.post(f"{CONSOLE}/logout", data={"csrf": csrf})

    assert not office.is_in()
    page = office.world.client.get(left.headers["location"]).text
    assert f'href="{office.provider.issuer}/sign-out?client_id={CLIENT}&amp;post_logout_redirect_uri=' in page


def test_a_form_that_waited_is_there_after_signing_in(office: Office) -> None:
    office.world.client.cookies.clear()
    asked = office.world.client.post(f"{CONSOLE}/tokens", data={"description": "the laptop", "csrf": "x"})
    resumed = html.unescape(re.search(r'name="resumed" value="([^"]+)"', asked.text)[1])  # type: ignore[index]

    entered = office.sign_in(resumed=resumed)

    address = html.unescape(re.search(r"url=([^\"]+)", entered.text)[1])  # type: ignore[index]
    assert address.startswith("/console/tokens?draft=")
    assert "the laptop" in office.world.client.get(address).text


def test_a_form_from_elsewhere_begins_no_sign_in(office: Office) -> None:
    answer = office.world.client.post(START, data={}, headers={"origin": "https://evil.example"})

    assert answer.status_code == 403


def test_the_access_log_tells_of_accounts_and_never_of_codes(office: Office) -> None:
    location = office.at_provider(office.leave())
    office.back(location)
    office.provider.people["dana"]["email_verified"] = False
    office.sign_in()

    entries = office.world.call("cleo", "GET", f"{API}/audit/access").json()["entries"]
    assert [(each["member"], each["outcome"], each["way"]) for each in entries] == [
        (None, "failed", "account"), (NAME, "signed in", "account"),
    ]  # fmt: skip
    query = dict(parse_qsl(urlsplit(location).query))
    stored = office.world.storage.store.get("metadata/admin/access.json").body.decode()
    assert query["code"] not in stored
    assert query["state"] not in stored


def test_who_signed_in_with_an_account_makes_tokens_that_hold_as_long_as_the_roles(office: Office) -> None:
    office.sign_in()
    page = office.world.client.get(f"{CONSOLE}/tokens").text
    hidden = dict(re.findall(r'name="(csrf|revision)" value="([^"]+)"', page))

    made = office.world.client.post(f"{CONSOLE}/tokens", data={**hidden, "description": "mine"})

    token = re.search(r'id="made">(mpt_[^<]+)<', made.text)[1]  # type: ignore[index]
    office.world.tokens["dana"] = token
    assert office.world.call("dana", "GET", f"{API}/me").json()["name"] == NAME
    assert office.world.call("dana", "GET", f"{API}/me").json()["grants"] == [ON_CALL.model_dump(by_alias=True)]


def test_without_an_origin_only_this_machine_is_led_back(provider: OpenIdProvider) -> None:
    world = administered(Rate(per_second=1000, burst=100_000), accounts=AccountSignIn(settings(provider), SECRET))

    answer = world.client.post(START, data={})

    assert answer.status_code == 503
    assert "--public-origin" in answer.text
    world.client.close()


FILE = """
issuer = "https://login.example.com"
client_id = "releases"
client_secret_variable = "RELEASES_SECRET"
allowed_domains = ["corp.example"]
[[roles]]
group = "release-managers"
role = "operator"
host_app = "wallet"
"""


def test_the_file_is_read_with_its_secret_out_of_the_environment(tmp_path: Path) -> None:
    path = tmp_path / "sign-in.toml"
    path.write_text(FILE)

    found = read_account_settings(path, {"RELEASES_SECRET": "s3cret"})

    assert (found.secret, found.settings.roles[0].grant) == (
        "s3cret",
        Grant(role=Role.OPERATOR, host_app="wallet"),
    )
    assert "s3cret" not in repr(found)


@pytest.mark.parametrize(
    ("change", "environ", "words"),
    [
        (("https://login", "http://login"), {}, "issuer"),
        (("allowed_domains", "domains"), {}, "domains"),
        (('allowed_domains = ["corp.example"]', ""), {}, "allowed_domains"),
        (("operator", "king"), {"RELEASES_SECRET": "x"}, "role"),
        (("issuer", "issuer ="), {}, "no TOML"),
        (("", ""), {}, "RELEASES_SECRET, which is not set"),
    ],
    ids=["in the clear", "misspelt", "no domains", "role", "toml", "secret"],
)
def test_what_is_wrong_in_the_file_is_named(
    tmp_path: Path, change: tuple[str, str], environ: dict[str, str], words: str
) -> None:
    path = tmp_path / "sign-in.toml"
    path.write_text(FILE.replace(*change, 1) if change[0] else FILE)

    with pytest.raises(UsageError, match="--sign-in") as caught:
        read_account_settings(path, environ)
    assert words in str(caught.value)


def test_without_the_library_it_says_how_to_get_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "sign-in.toml"
    path.write_text(FILE)
    monkeypatch.setattr("miniprogram_server.console.accounts.settings.find_spec", lambda name: None)

    with pytest.raises(UsageError, match="needs authlib") as caught:
        read_account_settings(path, {"RELEASES_SECRET": "x"})
    assert "pip install authlib" in str(caught.value.hint)


def test_roles_hold_as_long_as_the_file_says() -> None:
    assert timedelta(days=AccountSettings.model_fields["roles_hold_days"].default) == timedelta(days=30)
