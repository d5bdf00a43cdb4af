"""The arguments of each release verb, as models. Command line, web API and console fill the same ones."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Self

from pydantic import Field, ValidationError, field_validator, model_validator

from miniprogram.models import Flag, FrozenModel, Whole
from miniprogram.names import VersionName
from miniprogram.person_text import PersonLines, PersonText
from miniprogram.refusals import unacceptable
from miniprogram.releases.model.configuration import AudienceTree, UpgradePolicy, Window, is_domain
from miniprogram.targets import Kind

MAX_REASON = 2_000
MAX_TESTERS = 10_000
MAX_TESTER_CHARACTERS = 256


class Arguments(FrozenModel):
    """What a verb is told beside version and target."""

    def command_members(self) -> dict[str, Any]:
        """The arguments as members of a Command."""
        return {name: getattr(self, name) for name in type(self).model_fields}


class NoArguments(Arguments):
    """No member."""


class OptionalReason(Arguments):
    """A reason, where the rule asks for none but the trail likes one."""

    reason: PersonText | None = Field(default=None, max_length=MAX_REASON, description="Why; put on record.")


class Reason(Arguments):
    """A reason."""

    reason: PersonText = Field(min_length=1, max_length=MAX_REASON, description="Why; put on record.")


class Brake(OptionalReason):
    """`seen`: the release as it was looked at; a brake does not ask for the revision of the document."""

    seen: str | None = Field(
        default=None,
        max_length=80,
        pattern=r"^r-[0-9]+:[a-z_]+$",
        description="Only if the release is still this one, as ID:STATE, such as r-7:grayscale.",
    )


class FirmBrake(Brake, Reason):
    """The same, with a reason that must be given."""

    reason: PersonText = Field(min_length=1, max_length=MAX_REASON, description="Why; put on record.")


class VersionKind(Arguments):
    """What a version is for."""

    kind: Kind = Field(default=Kind.OFFICIAL, description="Trial and test versions go to testers and links only.")


class ConfigurationChanges(Arguments):
    """What is said about a release before it is applied for. Members left out stay as they are; null clears."""

    title: PersonText | None = Field(default=None, max_length=200, description="What users see as its name.")
    description: PersonLines | None = Field(
        default=None, max_length=10_000, description="What it does, for users and reviewers."
    )
    server_domains: tuple[str, ...] | None = Field(
        default=None, description="Domains it talks to, as https://HOST; at most 30."
    )
    webview_domains: tuple[str, ...] | None = Field(
        default=None, description="Domains it may show in a web view; at most 30."
    )
    upgrade: UpgradePolicy | None = Field(default=None, description="How hosts move to it.")
    audience: AudienceTree | None = Field(default=None, description="Who may have it; null is everybody.")
    window: Window | None = Field(default=None, description="First come, first admitted, for a while.")

    @field_validator("server_domains", "webview_domains")
    @classmethod
    def _are_domains(cls, texts: tuple[str, ...] | None) -> tuple[str, ...] | None:
        """Stricter than the stored model, so that what was said before this was asked can still be read."""
        wrong = next((text for text in texts or () if not is_domain(text)), None)
        if wrong is not None:
            raise ValueError(f"{wrong!r} is not a domain such as https://api.example.com")
        return texts

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if not self.model_fields_set:
            raise ValueError("nothing to configure was given")
        return self

    def command_members(self) -> dict[str, Any]:
        """Members of Configuration by field name. Null is the blank of a member that cannot be null."""
        blanks = {"title": "", "description": "", "webview_domains": (), "upgrade": UpgradePolicy()}
        said = {name: getattr(self, name) for name in self.model_fields_set}
        return {"changes": {name: blanks.get(name) if value is None else value for name, value in said.items()}}


class Approval(OptionalReason):
    """`seenDigest`: the review's digest as the reviewer saw it; anything else shown since voids the approval.

    The reason is a comment: it stays in the trail, and with the review.
    """

    seen_digest: str | None = Field(
        default=None,
        pattern="^[0-9a-f]{64}$",
        description="Only if what was applied for still has this review digest.",
    )


class FirstTesters(Arguments):
    """The testers a pilot starts with: user or device ids, trimmed and lower-cased."""

    testers: tuple[str, ...] = Field(default=(), max_length=MAX_TESTERS, description="User or device ids.")

    @field_validator("testers")
    @classmethod
    def _are_ids(cls, texts: tuple[str, ...]) -> tuple[str, ...]:
        testers = sorted({cleaned for text in texts if (cleaned := text.strip().lower())})
        for each in testers:
            if len(each) > MAX_TESTER_CHARACTERS or not each.isprintable():
                raise ValueError(f"{each[:60]!r} cannot be a tester's id")
        return tuple(testers)


class TesterIds(FirstTesters):
    """User or device ids."""

    testers: tuple[str, ...] = Field(min_length=1, max_length=MAX_TESTERS, description="User or device ids.")


class Ratio(Arguments):
    """A percentage in basis points: 100 is one percent. Left out, a time window alone decides."""

    basis_points: Whole | None = Field(default=None, ge=0, le=10_000, description="From 0.01 to 100 per cent.")


class SmallerRatio(Reason):
    """A lower percentage, and why."""

    basis_points: Whole = Field(ge=0, le=10_000, description="From 0 to 100 per cent.")


class Finish(Arguments):
    """`final`: for everybody now, whatever the percentage."""

    final: Flag = Field(default=False, description="Release to everybody now, whatever the percentage.")


class Rollback(OptionalReason):
    """`to`: an archived version, `embedded`, or `none`; left out, the full release before."""

    destination: VersionName | None = Field(
        default=None,
        alias="to",
        description="An archived version, `embedded` (what hosts have) or `none`; default: the one before.",
    )


ARGUMENTS: dict[str, type[Arguments]] = {
    "create": VersionKind,
    "reopen": Reason,
    "configure": ConfigurationChanges,
    "apply": NoArguments,
    "withdraw": NoArguments,
    "approve": Approval,
    "reject": Reason,
    "pilot start": FirstTesters,
    "testers add": TesterIds,
    "testers remove": TesterIds,
    "pilot complete": NoArguments,
    "pilot skip": NoArguments,
    "grayscale": Ratio,
    "shrink": SmallerRatio,
    "finish": Finish,
    "pause": Brake,
    "resume": OptionalReason,
    "halt": FirmBrake,
    "cancel": OptionalReason,
    "rollback": Rollback,
    "offline": Reason,
    "force-remove": FirmBrake,
}
"""By verb."""


def parse_arguments(verb: str, members: Mapping[str, Any]) -> Arguments:
    """`members` as the arguments of `verb`. Raises Unacceptable naming the first that does not fit."""
    try:
        return ARGUMENTS[verb].model_validate(dict(members))
    except ValidationError as error:
        raise unacceptable(error) from None
