"""Changes of a stack as CloudFormation tells them: what hosts lose by them, and which of them are our own."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any

_ADDRESSED = {"AWS::ApiGatewayV2::Api", "AWS::ApiGatewayV2::DomainName", "AWS::ApiGatewayV2::Stage"}
_ADDRESSED |= {"AWS::CloudFront::Distribution", "AWS::Lambda::Url"}
"""Resources that hosts reach by an address of their own."""


def lost_addresses(changes: Iterable[Any]) -> Iterator[str]:
    """A line for each of CloudFormation's `changes` after which hosts do not find what they were shipped with."""
    for change in (row["ResourceChange"] for row in changes if "ResourceChange" in row):
        is_gone = change["Action"] == "Remove" or change.get("Replacement") == "True"
        if is_gone and change["ResourceType"] in _ADDRESSED:
            what = change.get("PhysicalResourceId") or change["LogicalResourceId"]
            yield f"{change['ResourceType']} {what} goes: hosts that have its address do not find it any more."


def is_own(drift: Any, ours: Mapping[str, Collection[str]]) -> bool:
    """Whether we changed all that is different ourselves."""
    own = ours.get(drift["LogicalResourceId"], ())
    paths = [found["PropertyPath"] for found in drift.get("PropertyDifferences", ())]
    return bool(paths) and all(path.startswith(tuple(own)) for path in paths) if own else False
