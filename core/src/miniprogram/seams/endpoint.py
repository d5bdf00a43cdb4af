"""Where a host app loads one mini-program from, and the JSON that says so in the app's endpoint map."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, SecretStr, StrictStr, model_validator
from pydantic.alias_generators import to_camel

from miniprogram.models import CamelModel
from miniprogram.seams.endpoint_rules import check_access_key, check_app_id, check_base_url, check_trust_root
from miniprogram.strict_json import parse_model

AccessMode = Literal["public", "protected"]
BackendMode = Literal["none", "remote", "local_mock"]


def _lower(value: object) -> object:
    return value.strip().lower() if isinstance(value, str) else value


def _none_if_blank(value: object) -> object:
    return None if isinstance(value, str) and not value.strip() else value


def _secret(value: SecretStr) -> SecretStr:
    return SecretStr(check_access_key(value.get_secret_value()))


AppId = Annotated[StrictStr, AfterValidator(check_app_id)]
BaseUrl = Annotated[StrictStr, AfterValidator(check_base_url)]
OptionalBaseUrl = Annotated[BaseUrl | None, BeforeValidator(_none_if_blank)]
AccessKey = Annotated[SecretStr, AfterValidator(_secret)]
OptionalAccessKey = Annotated[AccessKey | None, BeforeValidator(_none_if_blank)]
OptionalTrustRoot = Annotated[
    Annotated[StrictStr, AfterValidator(check_trust_root)] | None, BeforeValidator(_none_if_blank)
]
AnyCaseAccessMode = Annotated[AccessMode, BeforeValidator(_lower)]


class Endpoint(CamelModel):
    """One entry of the map. The access key is there exactly when the mode is protected.

    What older releases left out is filled in: the access mode from the key, the backend mode from the URL.
    """

    app_id: AppId
    api_base_uri: BaseUrl
    access_mode: AnyCaseAccessMode
    access_key: OptionalAccessKey = None
    backend_base_uri: OptionalBaseUrl = None
    backend_mode: Annotated[BackendMode, BeforeValidator(_lower)]
    trust_root: OptionalTrustRoot = None
    """The root that the host pins, as JSON on one line: nothing is taken that was not signed."""
    preset_version: StrictStr | None = None
    """The version that the host is built with: its package lies in the host's folder for them."""
    preset_digest: StrictStr | None = None
    """Of that version, as `publish` prints it."""

    @model_validator(mode="before")
    @classmethod
    def _fill_in(cls, value: Any) -> Any:
        if not isinstance(value, dict):
            return value
        by_key = "protected" if _given(value, "accessKey", "access_key") else "public"
        mode = _lower(_given(value, "accessMode", "access_mode") or by_key)
        known = {"accessMode": mode, "backendMode": _backend_mode(value)}
        if mode == "public":
            known["accessKey"] = None
        named = {to_camel(key): member for key, member in value.items()}
        return {**named, **known}

    @model_validator(mode="after")
    def _has_its_key(self) -> Endpoint:
        if self.access_mode == "protected" and self.access_key is None:
            raise ValueError("a protected endpoint needs an accessKey")
        return self

    def to_json(self) -> dict[str, str]:
        """The entry as it is stored, with its key in clear."""
        members = {"apiBaseUri": self.api_base_uri, "accessMode": self.access_mode}
        if self.access_key is not None:
            members["accessKey"] = self.access_key.get_secret_value()
        if self.backend_base_uri is not None:
            members["backendBaseUri"] = self.backend_base_uri
        members["backendMode"] = self.backend_mode
        later = {
            "trustRoot": self.trust_root,
            "presetVersion": self.preset_version,
            "presetDigest": self.preset_digest,
        }
        return members | {name: value for name, value in later.items() if value is not None}


def endpoints_from_json(document: Mapping[str, Any], *, name: str) -> dict[str, Endpoint]:
    """The endpoints by app id, sorted. Raises DocumentError naming `name`, the app id and the member."""
    found = {}
    for app_id, members in sorted(document.items()):
        location = f"{name}: endpoint {app_id!r}"
        value = {**members, "appId": app_id} if isinstance(members, dict) else members
        found[app_id] = parse_model(Endpoint, value, name=location)
    return found


def endpoints_to_json(endpoints: Iterable[Endpoint]) -> dict[str, dict[str, str]]:
    """The stored form of `endpoints`, by app id, sorted."""
    return {endpoint.app_id: endpoint.to_json() for endpoint in sorted(endpoints, key=lambda each: each.app_id)}


def _given(value: dict[str, Any], *names: str) -> Any:
    return next((value[name] for name in names if _none_if_blank(value.get(name)) is not None), None)


def _backend_mode(value: dict[str, Any]) -> Any:
    mode = _lower(_given(value, "backendMode", "backend_mode"))
    if _given(value, "backendBaseUri", "backend_base_uri") is None:
        return "none" if mode in ("remote", "local_mock", None) else mode
    return "remote" if mode in ("none", None) else mode
