"""What writes about releases carry."""

from __future__ import annotations

from typing import Any, Self

from pydantic import Field, model_validator

from miniprogram.models import FrozenModel
from miniprogram.releases.model.configuration import UpgradePolicy, Window
from miniprogram.targets import Kind

MAX_REASON = 2_000


class NewRelease(FrozenModel):
    """Which version goes to the target of the path."""

    version: str = Field(min_length=1, max_length=128)
    kind: Kind = Kind.OFFICIAL


class ConfigurationChanges(FrozenModel):
    """What is said about a release before it is applied for. Members left out stay as they are; null clears."""

    title: str | None = Field(default=None, max_length=200)
    description: str | None = Field(default=None, max_length=10_000)
    server_domains: tuple[str, ...] | None = None
    webview_domains: tuple[str, ...] | None = None
    upgrade: UpgradePolicy | None = None
    audience: dict[str, Any] | None = None
    window: Window | None = None

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if not self.model_fields_set:
            raise ValueError("says nothing")
        return self

    def changes(self) -> dict[str, Any]:
        """Members of Configuration by field name. Null is the blank of a member that cannot be null."""
        blanks: dict[str, Any] = {
            "title": "",
            "description": "",
            "webview_domains": (),
            "upgrade": UpgradePolicy(),
        }
        said = {name: getattr(self, name) for name in self.model_fields_set}
        return {name: blanks.get(name) if value is None else value for name, value in said.items()}


class Nothing(FrozenModel):
    """No member."""


class Why(FrozenModel):
    """A reason, where the rule asks for none but the trail likes one."""

    reason: str | None = Field(default=None, max_length=MAX_REASON)


class Reason(FrozenModel):
    """A reason."""

    reason: str = Field(min_length=1, max_length=MAX_REASON)


class Approval(FrozenModel):
    """`seenDigest`: the review's digest as the reviewer saw it; anything else shown since voids the approval."""

    seen_digest: str | None = Field(default=None, pattern="^[0-9a-f]{64}$")


class TesterIds(FrozenModel):
    """User or device ids."""

    testers: tuple[str, ...] = Field(min_length=1, max_length=10_000)


class FirstTesters(FrozenModel):
    """The testers a pilot starts with."""

    testers: tuple[str, ...] = Field(default=(), max_length=10_000)


class Ratio(FrozenModel):
    """A percentage in basis points: 100 is one percent. Left out, a time window alone decides."""

    basis_points: int | None = Field(default=None, ge=0, le=10_000)


class SmallerRatio(Reason):
    """A lower percentage, and why."""

    basis_points: int = Field(ge=0, le=10_000)


class Finish(FrozenModel):
    """`final`: for everybody now, whatever the percentage."""

    final: bool = False


class Rollback(Why):
    """`to`: an archived version, or `none`; left out, the full release before."""

    to: str | None = Field(default=None, min_length=1, max_length=128)
