"""An OpenID Connect provider: where to send people, and whom it vouches for when they come back.

What it says is asked for when it is needed, and kept for a while: a server starts while its provider is down.
"""

from __future__ import annotations

import threading
import time
import warnings
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlencode, urlsplit

import httpx

with warnings.catch_warnings():  # it would rather have a successor of httpx, which the rest does not use
    import authlib.deprecate  # noqa: F401 - sets a filter of its own, before ours

    warnings.simplefilter("ignore")
    from authlib.integrations.base_client.errors import OAuthError
    from authlib.integrations.httpx_client import OAuth2Client
    from authlib.oidc.core import CodeIDToken

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from miniprogram.errors import MiniProgramError
from miniprogram.identity.accounts import SignIn, brought
from miniprogram.identity.environment_document import Account
from miniprogram.refusals import Denied
from miniprogram_server.console.accounts.pending import PendingSignIn
from miniprogram_server.console.accounts.settings import LOOPBACK, AccountSignIn, is_safe_address

TIMEOUT_S = 5.0
KEPT_S = 3600.0
"""How long what a provider says of itself is not asked for again."""
KEYS_ASKED_EVERY_S = 10.0
"""A key that is not known is looked for, but not more often than this."""
LEEWAY_S = 60
"""How much clocks may differ."""
ALGORITHMS = (
    "RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA",
)  # fmt: skip
"""Signatures that only the provider can make: none with a shared secret, and never `none`."""
MAX_GROUPS = 2_000


class ProviderFails(MiniProgramError):  # noqa: N818 - names what happens
    """The provider cannot be reached, or says nothing that can be used."""


class Provider:
    """Safe to use from many threads. Every call may wait for the network: not for the loop."""

    def __init__(
        self, sign_in: AccountSignIn, *, clock: Callable[[], float] = time.monotonic, timeout_s: float = TIMEOUT_S
    ) -> None:
        self._settings, self._secret = sign_in.settings, sign_in.secret
        self._clock, self._timeout_s = clock, timeout_s
        self._lock = threading.Lock()
        self._metadata: tuple[float, Mapping[str, Any]] | None = None
        self._keys: tuple[float, KeySet] | None = None

    def address(self, pending: PendingSignIn, redirect_uri: str) -> str:
        """Where the browser goes to sign in. Raises ProviderFails."""
        endpoint = self._endpoint("authorization_endpoint")
        with self._client(redirect_uri) as client:
            url, _ = client.create_authorization_url(
                endpoint, state=pending.state, nonce=pending.nonce, code_verifier=pending.verifier
            )
        return str(url)

    def signed_in(self, code: str, pending: PendingSignIn, redirect_uri: str) -> SignIn:
        """Whom the provider vouches for. Raises Denied for what does not hold, ProviderFails."""
        with self._client(redirect_uri) as client:
            try:
                token = client.fetch_token(
                    self._endpoint("token_endpoint"), code=code, code_verifier=pending.verifier
                )
            except OAuthError as error:
                raise Denied("account", "the provider does not know this sign-in, or knows it as used") from error
            except (httpx.HTTPError, ValueError) as error:
                raise self._failure(error) from error
            claims = self._claims(str(token.get("id_token", "")), pending, str(token.get("access_token", "")))
            more = self._more(client, claims)
        return self._sign_in({**more, **claims})

    def sign_out_address(self, back: str) -> str | None:
        """Where one signs out of the provider, as far as it is known already."""
        known = self._metadata
        endpoint = known[1].get("end_session_endpoint") if known is not None else None
        if not isinstance(endpoint, str) or not is_safe_address(endpoint):
            return None
        asked = {"client_id": self._settings.client_id, **({"post_logout_redirect_uri": back} if back else {})}
        return f"{endpoint}{'&' if '?' in endpoint else '?'}{urlencode(asked)}"

    def check_issuer(self, given: str | None) -> None:
        """Raises Denied when somebody else than the provider sent the browser back (RFC 9207)."""
        promised = self._known().get("authorization_response_iss_parameter_supported") is True
        if given != self._settings.issuer and (given is not None or promised):
            raise Denied("account", "the answer is not from the provider that was asked")

    def _claims(self, id_token: str, pending: PendingSignIn, access_token: str) -> Mapping[str, Any]:
        settings = self._settings
        options = {
            "iss": {"essential": True, "value": settings.issuer},
            "aud": {"essential": True, "value": settings.client_id},
        }
        params = {"nonce": pending.nonce, "client_id": settings.client_id, "access_token": access_token}
        try:
            token = self._decoded(id_token)
            checked = CodeIDToken(token.claims, token.header, options, params)
            checked.validate(leeway=LEEWAY_S)
        except (JoseError, ValueError, TypeError) as error:
            raise Denied("account", f"what the provider sent does not hold: {_why(error)}") from error
        return dict(checked)

    def _decoded(self, id_token: str) -> jwt.Token:
        """The token with its signature verified; once again with fresh keys when the provider has new ones."""
        try:
            return jwt.decode(id_token, self._key_set(), algorithms=list(ALGORITHMS))
        except (JoseError, ValueError):
            if not self._has_new_keys():
                raise
            return jwt.decode(id_token, self._key_set(), algorithms=list(ALGORITHMS))

    def _more(self, client: OAuth2Client, claims: Mapping[str, Any]) -> Mapping[str, Any]:
        """Claims that the provider gives only when it is asked for them."""
        settings = self._settings
        endpoint = self._known().get("userinfo_endpoint")
        wanted = {settings.name_claim, *([settings.groups_claim] if settings.roles else [])}
        if not wanted - claims.keys() or not isinstance(endpoint, str) or not is_safe_address(endpoint):
            return {}
        found = self._fetched(endpoint, client)
        if found.get("sub") != claims["sub"]:
            raise Denied("account", "the provider tells of somebody else than who signed in")
        return found

    def _sign_in(self, claims: Mapping[str, Any]) -> SignIn:
        settings = self._settings
        name = claims.get(settings.name_claim)
        if not isinstance(name, str) or not name:
            raise Denied("account", f"the provider does not say the {settings.name_claim} of the account")
        if settings.name_claim == "email" and claims.get("email_verified") is not True:
            raise Denied("account", f"the provider has not verified that {name} is theirs")
        name = name.lower() if settings.name_claim == "email" else name
        domain = name.rpartition("@")[2]
        if settings.allowed_domains and domain not in {each.lower() for each in settings.allowed_domains}:
            raise Denied("account", f"accounts of {domain or 'no domain'} may not sign in here")
        said = claims.get(settings.groups_claim)
        groups = [said] if isinstance(said, str) else said if isinstance(said, list) else []
        named = [each for each in groups[:MAX_GROUPS] if isinstance(each, str)]
        title = claims.get("name")
        return SignIn(
            Account(issuer=settings.issuer, subject=str(claims["sub"])),
            name,
            title if isinstance(title, str) else "",
            brought(named, ((each.group, each.grant) for each in settings.roles)),
        )

    def _endpoint(self, name: str) -> str:
        found = self._known().get(name)
        if not isinstance(found, str) or not is_safe_address(found):
            raise ProviderFails(f"{self._settings.provider} does not say its {name} as an https address")
        return found

    def _known(self) -> Mapping[str, Any]:
        """What the provider says of itself; an older answer while it does not answer."""
        with self._lock:
            known = self._metadata
        if known is not None and self._clock() - known[0] < KEPT_S:
            return known[1]
        issuer = self._settings.issuer
        try:
            found = self._fetched(f"{issuer.rstrip('/')}/.well-known/openid-configuration")
            if found.get("issuer") != issuer:
                raise ProviderFails(f"{self._settings.provider} says it is another issuer than {issuer}")
        except ProviderFails:
            if known is None:
                raise
            return known[1]
        with self._lock:
            self._metadata = (self._clock(), found)
        return found

    def _key_set(self) -> KeySet:
        with self._lock:
            known = self._keys
        if known is not None and self._clock() - known[0] < KEPT_S:
            return known[1]
        try:
            return self._fetch_keys()
        except ProviderFails:
            if known is None:
                raise
            return known[1]

    def _has_new_keys(self) -> bool:
        """Fetch the keys again, unless that was done a moment ago."""
        with self._lock:
            known = self._keys
        if known is not None and self._clock() - known[0] < KEYS_ASKED_EVERY_S:
            return False
        self._fetch_keys()
        return True

    def _fetch_keys(self) -> KeySet:
        found = self._fetched(self._endpoint("jwks_uri"))
        try:
            keys = KeySet.import_key_set(found)  # type: ignore[arg-type]
        except (JoseError, ValueError, TypeError, KeyError) as error:
            raise ProviderFails(f"the keys of {self._settings.provider} cannot be read") from error
        with self._lock:
            self._keys = (self._clock(), keys)
        return keys

    def _fetched(self, url: str, client: OAuth2Client | None = None) -> Mapping[str, Any]:
        try:
            if client is not None:
                answer = client.get(url)
            else:
                with httpx.Client(timeout=self._timeout_s, trust_env=self._trusts_environment) as plain:
                    answer = plain.get(url)
            answer.raise_for_status()
            found = answer.json()
        except (httpx.HTTPError, OAuthError, ValueError) as error:
            raise self._failure(error) from error
        if not isinstance(found, dict):
            raise ProviderFails(f"{self._settings.provider} answers something else than was asked")
        return found

    def _client(self, redirect_uri: str) -> OAuth2Client:
        return OAuth2Client(
            self._settings.client_id,
            self._secret,
            scope=" ".join(self._settings.scopes),
            redirect_uri=redirect_uri,
            token_endpoint_auth_method=self._auth_method(),
            code_challenge_method="S256",
            timeout=self._timeout_s,
            trust_env=self._trusts_environment,
        )

    def _auth_method(self) -> str:
        if self._secret is None:
            return "none"
        offered = self._known().get("token_endpoint_auth_methods_supported") or ["client_secret_basic"]
        return "client_secret_basic" if "client_secret_basic" in offered else "client_secret_post"

    @property
    def _trusts_environment(self) -> bool:
        """Whether proxies of the environment are asked: not on the way to this machine."""
        return urlsplit(self._settings.issuer).hostname not in LOOPBACK

    def _failure(self, error: Exception) -> ProviderFails:
        return ProviderFails(
            f"{self._settings.provider} gives no answer to sign-ins now ({type(error).__name__})",
            hint="Try again later, or sign in with a token.",
        )


def _why(error: Exception) -> str:
    claim = getattr(error, "claim", None)
    return f"its {claim}" if claim else "its signature"
