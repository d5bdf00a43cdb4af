"""A CloudFormation template as it stands for one set of parameters: conditions decided, parts left out.

What only AWS knows (`!GetAtt`, pseudo parameters) stays as it is.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import yaml

NOTHING = {"Ref": "AWS::NoValue"}


class _Loader(yaml.SafeLoader):
    """Reads the short forms: `!Ref x` as `{"Ref": "x"}`, `!Sub x` as `{"Fn::Sub": "x"}`."""


def _short(loader: Any, suffix: str, node: Any) -> dict[str, Any]:
    name = suffix if suffix in {"Ref", "Condition"} else f"Fn::{suffix}"
    if isinstance(node, yaml.ScalarNode):
        said = loader.construct_scalar(node)
        return {name: said.split(".", 1) if name == "Fn::GetAtt" else said}
    if isinstance(node, yaml.SequenceNode):
        return {name: loader.construct_sequence(node, deep=True)}
    return {name: loader.construct_mapping(node, deep=True)}


_Loader.add_multi_constructor("!", _short)


def read_template(text: str) -> dict[str, Any]:
    found: dict[str, Any] = yaml.load(text, _Loader)
    return found


def decided(text: str, parameters: Mapping[str, str]) -> dict[str, Any]:
    """The template with `parameters`, else its defaults, put in.

    Raises KeyError for one that the template does not know, or that has no value.
    """
    template = read_template(text)
    unknown = parameters.keys() - template["Parameters"].keys()
    if unknown:
        raise KeyError(f"no parameters of the template: {sorted(unknown)}")
    values = {name: row.get("Default") for name, row in template["Parameters"].items()} | dict(parameters)
    missing = [name for name, value in values.items() if value is None]
    if missing:
        raise KeyError(f"without a value: {missing}")
    decide = _Decision(values, template["Conditions"])
    parts = {
        part: {
            name: {key: decide.put_in(value) for key, value in row.items() if key != "Condition"}
            for name, row in template[part].items()
            if "Condition" not in row or decide.holds(row["Condition"])
        }
        for part in ("Resources", "Outputs")
    }
    return {"AWSTemplateFormatVersion": template["AWSTemplateFormatVersion"], **parts}


class _Decision:
    def __init__(self, values: Mapping[str, Any], conditions: Mapping[str, Any]) -> None:
        self._values, self._conditions = values, conditions

    def holds(self, name: str) -> bool:
        return bool(self._is_true(self._conditions[name]))

    def put_in(self, value: Any) -> Any:
        if isinstance(value, list):
            return [said for said in map(self.put_in, value) if said != NOTHING]
        if not isinstance(value, dict):
            return value
        if "Fn::If" in value:
            name, yes, no = value["Fn::If"]
            return self.put_in(yes if self.holds(name) else no)
        if value.keys() == {"Ref"} and value["Ref"] in self._values:
            return self._values[value["Ref"]]
        put = {key: self.put_in(each) for key, each in value.items()}
        return {key: each for key, each in put.items() if each != NOTHING}

    def _is_true(self, rule: Any) -> bool:
        [(name, inner)] = rule.items()
        if name == "Fn::Equals":
            first, second = map(self.put_in, inner)
            return bool(first == second)
        if name == "Fn::Not":
            return not self._is_true(inner[0])
        if name == "Condition":
            return self.holds(inner)
        return {"Fn::And": all, "Fn::Or": any}[name](map(self._is_true, inner))
