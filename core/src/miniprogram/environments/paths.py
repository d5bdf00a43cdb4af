"""Paths among the settings of an environment: stored relative to the folder of the file, used absolute."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args

if TYPE_CHECKING:
    from pydantic import BaseModel


def absolute_paths(model: type[BaseModel], values: Mapping[str, Any], base: Path) -> dict[str, Any]:
    """`values`, by stored name, with the relative paths among them as seen from `base`."""
    fields = {name: values[name] for name in relative_names(model, values)}
    return {**values, **{name: os.path.normpath(base / value) for name, value in fields.items()}}


def relative_fields(model: type[BaseModel], values: Mapping[str, Any]) -> frozenset[str]:
    """Fields whose stored value is a relative path."""
    return frozenset(relative_names(model, values).values())


def relative_names(model: type[BaseModel], values: Mapping[str, Any]) -> dict[str, str]:
    """Stored names of relative paths, each with its field."""
    names = {
        info.serialization_alias or info.alias or field: field
        for field, info in model.model_fields.items()
        if _is_path(info.annotation)
    }
    return {
        name: field
        for name, field in names.items()
        if isinstance(values.get(name), str) and not Path(values[name]).is_absolute()
    }


def _is_path(annotation: Any) -> bool:
    if isinstance(annotation, type):
        return issubclass(annotation, Path)
    return any(_is_path(each) for each in get_args(annotation))
