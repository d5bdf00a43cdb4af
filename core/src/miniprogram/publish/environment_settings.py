"""Options of `publish --target cloud`."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict


class EnvironmentTargetSettings(BaseModel):
    """None: the environment says it all."""

    model_config = ConfigDict(frozen=True)
