"""JSON schemas of models, as an OpenAPI document holds them: one for each model, with the names JSON has."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any, Literal

from pydantic import BaseModel
from pydantic.alias_generators import to_camel
from pydantic.json_schema import GenerateJsonSchema, models_json_schema

Members = dict[str, Any]
Mode = Literal["validation", "serialization"]
References = dict[tuple[type[BaseModel], Mode], Members]

_TEMPLATE = "#/components/schemas/{model}"
_BOTH_WAYS = re.compile(r"-(?:Input|Output)$")
_field_name = re.compile(r"`([a-z]+(?:_[a-z]+)+)`").sub


class _Generator(GenerateJsonSchema):
    def field_title_should_be_set(self, _schema: Any) -> bool:
        """Never: it would say the name once more."""
        return False


def model_schemas(
    bodies: Iterable[type[BaseModel]], answers: Iterable[type[BaseModel]]
) -> tuple[References, Members]:
    """A reference for each model, and the schemas by name.

    A model that is both given and answered has one schema, that of what is given: it can be sent as read.
    """
    wanted: dict[tuple[type[BaseModel], Mode], None] = {
        **dict.fromkeys((model, "validation") for model in bodies),
        **dict.fromkeys((model, "serialization") for model in answers),
    }
    references, definitions = models_json_schema(
        list(wanted), by_alias=True, ref_template=_TEMPLATE, schema_generator=_Generator
    )
    found: Members = definitions.get("$defs", {})
    merged = {_BOTH_WAYS.sub("", name): each for name, each in found.items() if not name.endswith("-Output")}
    shown = {name: _in_words_of_json(_one_name(merged[name])) for name in sorted(merged)}
    return {key: _one_name(references[key]) for key in wanted}, shown


def query_schema(model: type[BaseModel]) -> Members:
    """The schema of a query's members, in place."""
    shown: Members = _in_words_of_json(model.model_json_schema(by_alias=True, schema_generator=_Generator))
    return shown


def _one_name(schema: Any) -> Any:
    """`schema` with references to the one schema of each model."""
    if isinstance(schema, dict):
        return {
            name: _BOTH_WAYS.sub("", each) if name == "$ref" else _one_name(each) for name, each in schema.items()
        }
    return [_one_name(each) for each in schema] if isinstance(schema, list) else schema


def _in_words_of_json(schema: Any) -> Any:
    """Descriptions speak of members as they are called here; models' own speak of Python's."""
    if isinstance(schema, list):
        return [_in_words_of_json(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    shown = {name: _in_words_of_json(each) for name, each in schema.items()}
    if isinstance(shown.get("description"), str):
        text = _field_name(lambda found: f"`{to_camel(found[1])}`", shown["description"])
        shown["description"] = re.sub(r"\bNone\b", "null", text)
    return shown
