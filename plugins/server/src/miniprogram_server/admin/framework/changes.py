"""What a change to something else than a release answers: one report, with the thing it is about described."""

from __future__ import annotations

from functools import cache

from pydantic import BaseModel, create_model

from miniprogram.identity.change_report import ChangeReport


@cache
def change_of(subject: type[BaseModel]) -> type[BaseModel]:
    """The report of a change to a thing of this model, for its description."""
    return create_model(
        f"{subject.__name__}Change", __base__=ChangeReport, __doc__=ChangeReport.__doc__, subject=(subject, ...)
    )
