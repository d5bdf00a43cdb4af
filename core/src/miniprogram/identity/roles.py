"""Who may do what: roles, where they hold, and the person or program that acts."""

from __future__ import annotations

from enum import StrEnum

from miniprogram.models import FrozenModel
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

EVERYWHERE = "*"


class Grant(FrozenModel):
    """A role, and where it holds: a host app and one of its environments, or `*` for all."""

    role: Role
    host_app: str = EVERYWHERE
    environment: Stage | None = None
    """None is every environment."""

    def covers(self, target: Target | None) -> bool:
        """Whether it holds on `target`. What is about no target needs a grant for everywhere."""
        if target is None:
            return self.host_app == EVERYWHERE and self.environment is None
        return self.host_app in (EVERYWHERE, target.host_app) and self.environment in (None, target.environment)

    def within(self, other: Grant) -> bool:
        """Whether `other` gives at least as much."""
        role = self.role == other.role or self.role in INCLUDED.get(other.role, frozenset())
        app = other.host_app in (EVERYWHERE, self.host_app)
        return role and app and other.environment in (None, self.environment)

    def __str__(self) -> str:
        where = "" if self.covers(None) else f" on {self.host_app}:{self.environment or EVERYWHERE}"
        return f"{self.role}{where}"


class Actor(FrozenModel):
    """Who acts. `authenticated`: a server checked it; on a command line it is only what somebody says."""

    name: str
    grants: tuple[Grant, ...] = ()
    authenticated: bool = False
    via: str = "cli"
    """`cli`, `api` or `console`."""

    def has(self, roles: frozenset[Role], target: Target | None) -> bool:
        """Whether one of `roles` is held on `target`."""
        return any(grant.covers(target) and roles & with_included(grant.role) for grant in self.grants)


def with_included(role: Role) -> frozenset[Role]:
    """`role` and the roles it brings."""
    return INCLUDED.get(role, frozenset()) | {role}


def store_owner(name: str) -> Actor:
    """Who works with the store's own credentials: they are the authority, so every role is there."""
    return Actor(name=name, grants=tuple(Grant(role=role) for role in Role))
