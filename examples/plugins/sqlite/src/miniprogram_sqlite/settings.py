"""The options of `env configure --provider sqlite`, and what is stored of them in env.json."""

from __future__ import annotations

import re
from typing import Annotated

from miniprogram.provider_kit.settings import ServedSettings
from pydantic import AfterValidator, Field


def _file_name(text: str) -> str:
    name = text.strip()
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_-]*(\.[A-Za-z0-9]+)?", name):
        raise ValueError("must be the name of a file, such as programs.db")
    return name


class SqliteSettings(ServedSettings):
    """Where releases go. The settings that every environment has come along: prefixes, `--host`, `--port`."""

    file: Annotated[str, AfterValidator(_file_name)] = Field(
        description="file beside the environment that holds everything published"
    )
