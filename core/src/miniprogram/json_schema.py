"""JSON schemas of values that a model keeps as plain JSON and that are checked elsewhere."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pydantic import GetJsonSchemaHandler
    from pydantic_core import CoreSchema


class SchemaOf:
    """Annotates a type with the schema of the one that `load` returns, made when a schema is asked for.

    Nothing is validated by it: what checks the value stands at the model.
    """

    def __init__(self, load: Callable[[], Any]) -> None:
        self._load = load

    def __get_pydantic_json_schema__(self, _schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        from pydantic import TypeAdapter  # deferred: few runs ask for a schema

        return dict(handler(TypeAdapter(self._load()).core_schema))


class WrittenAs:
    """Adds members to the schema of what is written; what was stored before may look otherwise."""

    def __init__(self, members: Callable[[], Mapping[str, Any]]) -> None:
        self._members = members

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        return {**handler(schema), **(self._members() if handler.mode == "validation" else {})}
