"""Actions by their JSON: for host apps that register actions of their own."""

from __future__ import annotations

from collections.abc import Mapping

from miniprogram.stac.node import Action


def raw(members: Mapping[str, object]) -> Action:
    """An action by its JSON members, in their order. `actionType` must be among them."""
    return Action(dict(members))
