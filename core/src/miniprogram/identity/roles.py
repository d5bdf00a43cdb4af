"""Who may do what: roles, where they hold, and the person or program that acts."""

from __future__ import annotations

from enum import StrEnum

from pydantic import Field, field_validator

from miniprogram.models import FrozenModel
from miniprogram.names import HostAppName, why_no_name
from miniprogram.targets import Stage, Target


class Role(StrEnum):
    """What somebody is trusted with."""

    DEVELOPER = "developer"
    DEVELOPER_ADMIN = "developer-admin"
    ADMIN = "admin"
    REVIEWER = "reviewer"
    OPERATOR = "operator"
    INSPECTOR = "inspector"
    AUTOMATION = "automation"


ADMIN = frozenset({Role.ADMIN})
DEVELOPER = frozenset({Role.DEVELOPER})
DEVELOPER_ADMIN = frozenset({Role.DEVELOPER_ADMIN})
REVIEWER = frozenset({Role.REVIEWER})
OPERATOR = frozenset({Role.OPERATOR})
INSPECTOR = frozenset({Role.INSPECTOR})
DEVELOPER_OR_OPERATOR = frozenset({Role.DEVELOPER, Role.OPERATOR})
OPERATOR_OR_AUTOMATION = frozenset({Role.OPERATOR, Role.AUTOMATION})
"""Roles of which one is enough, as commands ask for them."""

INCLUDED: dict[Role, frozenset[Role]] = {
    Role.DEVELOPER_ADMIN: frozenset({Role.DEVELOPER}),
    Role.ADMIN: frozenset({Role.DEVELOPER_ADMIN, Role.DEVELOPER, Role.OPERATOR}),
}
"""Roles that bring others. Reviewing and inspecting come with no other role: they are for a second person."""

ROLE_WORDS: dict[Role, str] = {
    Role.DEVELOPER: "makes releases and takes them forward",
    Role.DEVELOPER_ADMIN: "a developer who also asks for reviews",
    Role.REVIEWER: "approves or rejects what somebody else asked for",
    Role.OPERATOR: "raises shares, halts, rolls back, keeps people out",
    Role.INSPECTOR: "removes a release at once, whatever its state",
    Role.AUTOMATION: "a program that may pause and halt",
    Role.ADMIN: "gives roles, and has those of developers and operators",
}
"""What each is for, for people who choose one."""

EVERYWHERE = "*"


class Grant(FrozenModel):
    """A role, and where it holds: a host app, one of its environments and a mini-program, or `*` for all."""

    role: Role
    host_app: HostAppName = EVERYWHERE
    environment: Stage | None = None
    """None is every environment."""
    program: str = Field(default=EVERYWHERE, max_length=129)
    """An id, or the beginning of ids with `*` at its end: `acme_*`."""

    @field_validator("program")
    @classmethod
    def _names_programs(cls, value: str) -> str:
        beginning = value.removesuffix("*")
        if value != EVERYWHERE and (problem := why_no_name("program", beginning)):
            raise ValueError(problem)
        return value

    def covers(self, target: Target | None, program_id: str | None) -> bool:
        """Whether it holds for `program_id` on `target`. What is about neither needs a grant for everywhere."""
        return self._covers_target(target) and self._covers_program(program_id)

    def touches(self, host_app: str | None, environment: Stage | None, program_id: str | None) -> bool:
        """Whether it holds for something of what is asked about: None stands for any."""
        return (
            (host_app is None or self.host_app in (EVERYWHERE, host_app))
            and (environment is None or self.environment in (None, environment))
            and (program_id is None or self._covers_program(program_id))
        )

    def within(self, other: Grant) -> bool:
        """Whether `other` gives at least as much."""
        role = self.role == other.role or self.role in INCLUDED.get(other.role, frozenset())
        app = other.host_app in (EVERYWHERE, self.host_app)
        return (
            role
            and app
            and other.environment in (None, self.environment)
            and covers_programs(other.program, self.program)
        )

    def _covers_target(self, target: Target | None) -> bool:
        if target is None:
            return self.host_app == EVERYWHERE and self.environment is None
        return self.host_app in (EVERYWHERE, target.host_app) and self.environment in (None, target.environment)

    def _covers_program(self, program_id: str | None) -> bool:
        if program_id is None:
            return self.program == EVERYWHERE
        return covers_programs(self.program, program_id)

    def __str__(self) -> str:
        where = "" if self._covers_target(None) else f" on {self.host_app}:{self.environment or EVERYWHERE}"
        what = "" if self.program == EVERYWHERE else f" for {self.program}"
        return f"{self.role}{where}{what}"


def covers_programs(pattern: str, program: str) -> bool:
    """Whether `pattern` stands for everything that `program`, an id or a pattern itself, stands for."""
    return program == pattern or (pattern.endswith("*") and program.startswith(pattern[:-1]))


class Actor(FrozenModel):
    """Who acts. `authenticated`: a server checked it; on a command line it is only what somebody says."""

    name: str
    grants: tuple[Grant, ...] = ()
    authenticated: bool = False
    via: str = "cli"
    """`cli`, `api` or `console`."""
    token: str | None = None
    """Id of the token that was shown."""
    token_created_by: str | None = None
    """Who made that token, and so may know it."""
    token_known_to: tuple[str, ...] = ()
    """That one, and who made the tokens that led to it."""

    def has(self, roles: frozenset[Role], target: Target | None, program_id: str | None = None) -> bool:
        """Whether one of `roles` is held for `program_id` on `target`."""
        return any(grant.covers(target, program_id) and roles & with_included(grant.role) for grant in self.grants)

    def sees(self, target: Target | None = None, program_id: str | None = None) -> bool:
        """Whether anything is held there: what somebody has no role for they may not read either."""
        host_app, environment = (None, None) if target is None else (target.host_app, target.environment)
        return self.sees_part(host_app, environment, program_id)

    def sees_part(self, host_app: str | None, environment: Stage | None, program_id: str | None) -> bool:
        """Whether anything is held for some target of that host app and that environment."""
        return any(grant.touches(host_app, environment, program_id) for grant in self.grants)

    def sees_everything(self) -> bool:
        """Whether some role is held everywhere: what is about no app and no mini-program is for these."""
        return any(grant.covers(None, None) for grant in self.grants)


def with_included(role: Role) -> frozenset[Role]:
    """`role` and the roles it brings."""
    return INCLUDED.get(role, frozenset()) | {role}


def store_owner(name: str) -> Actor:
    """Who works with the store's own credentials: they are the authority, so every role is there."""
    return Actor(name=name, grants=tuple(Grant(role=role) for role in Role))
