"""What a release can be for: host apps, their environments, and kinds of version."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field, model_validator

from miniprogram.models import Flag, FrozenModel
from miniprogram.names import HostAppName
from miniprogram.person_text import PersonText


class Stage(StrEnum):
    """An environment of a host app; not to be confused with the storage environment behind `--env`."""

    DEVELOPMENT = "development"
    TEST = "test"
    SANDBOX = "sandbox"
    PRODUCTION = "production"


class Kind(StrEnum):
    """What a version is for. Only official ones go further than testers and links."""

    OFFICIAL = "official"
    TRIAL = "trial"
    TEST = "test"


ANY_HOST = "*"
"""The host app that stands for all hosts without an own target."""

MOST_KEYS = 16
PublicKeyText = Annotated[
    str, Field(pattern=r"^(ed25519|ecdsa-sha2-nistp256|rsassa-pss-sha256):[A-Za-z0-9+/]{32,2700}={0,2}$")
]
"""A public key: its algorithm, a colon, its DER in base64."""
Platform = Literal["android", "ios", "web", "desktop", "harmony"]

ALWAYS_REVIEWED = frozenset({Stage.PRODUCTION})
NEVER_REVIEWED = frozenset({Stage.DEVELOPMENT, Stage.TEST})


class Target(FrozenModel):
    """A host app and one of its environments: where a release goes."""

    host_app: str
    environment: Stage

    def __str__(self) -> str:
        return f"{self.host_app}:{self.environment}"

    @property
    def path(self) -> str:
        """As two segments of an object key."""
        return f"{'~any' if self.host_app == ANY_HOST else self.host_app}/{self.environment}"


class AppEnvironment(FrozenModel):
    """How releases go in one environment. Raises ValueError for rules that contradict each other."""

    name: Stage
    requires_review: Flag = False
    """Production always, development and test never, sandbox as one likes."""
    supports_pilot: Flag = True
    demands_pilot: Flag = False
    """Whether a pilot may not be skipped."""
    static_host: Flag = False
    """Served by a web server that only hands out files: no windows, no lists that must stay secret, no links."""

    extra_reviewers: int = Field(default=0, ge=0, le=5)
    """How many more people must approve a release that may do more than the version in force: talk to more
    domains, ask for more capabilities."""
    provenance_keys: tuple[PublicKeyText, ...] = Field(default=(), max_length=MOST_KEYS)
    """Whose word on what a version was built from counts. With any, a version is applied for and approved only
    with provenance that one of them signed, and that names a commit with nothing uncommitted."""
    promotion_keys: tuple[PublicKeyText, ...] = Field(default=(), max_length=MOST_KEYS)
    """Whose exports from other environments are taken over here, approvals included. None: no import at all."""

    @model_validator(mode="after")
    def _rules_agree(self) -> AppEnvironment:
        if self.name in ALWAYS_REVIEWED and not self.requires_review:
            raise ValueError(f"{self.name} is always reviewed")
        if self.name in NEVER_REVIEWED and self.requires_review:
            raise ValueError(f"{self.name} is never reviewed")
        if self.demands_pilot and not self.supports_pilot:
            raise ValueError("a pilot cannot be demanded where there is none")
        if self.extra_reviewers and not self.requires_review:
            raise ValueError("extra reviewers cannot be demanded where nothing is reviewed")
        return self


def default_environment(name: Stage) -> AppEnvironment:
    """The environment `name` as it is when nobody says otherwise."""
    reviewed = name not in NEVER_REVIEWED
    return AppEnvironment(name=name, requires_review=reviewed)


class SealingKey(FrozenModel):
    """A public key that versions are sealed for, as `x25519:…`. Times are ISO 8601 in UTC."""

    key: str = Field(pattern=r"^x25519:[A-Za-z0-9+/]{43}=$")
    added_at: str
    revoked_at: str | None = None
    """From then on no version is sealed for it. What was sealed before, whoever has it can still open."""


class HostApp(FrozenModel):
    """An app that embeds mini-programs. Production is always among its environments, which are in stage order."""

    name: HostAppName
    title: PersonText = Field(default="", max_length=200)
    platforms: tuple[Platform, ...] = ()
    sealing_keys: tuple[SealingKey, ...] = Field(default=(), max_length=64)
    """Of whoever may open what is sealed for the app, in the order they were added."""
    environments: tuple[AppEnvironment, ...] = Field(
        default_factory=lambda: (default_environment(Stage.PRODUCTION),)
    )

    @model_validator(mode="after")
    def _is_whole(self) -> HostApp:
        names = [environment.name for environment in self.environments]
        if len(set(names)) != len(names):
            raise ValueError("an environment stands twice")
        if Stage.PRODUCTION not in names:
            raise ValueError("production is always there")
        return self

    def environment(self, name: Stage) -> AppEnvironment | None:
        """The environment `name`, if the app has it."""
        return next((each for each in self.environments if each.name == name), None)

    def with_environment(self, environment: AppEnvironment) -> HostApp:
        """This app with `environment` added or replaced."""
        others = [each for each in self.environments if each.name != environment.name]
        order = list(Stage)
        merged = sorted([*others, environment], key=lambda each: order.index(each.name))
        return self.model_copy(update={"environments": tuple(merged)})
