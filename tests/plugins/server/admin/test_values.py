"""Names and values of the API are of their type, or the caller's mistake."""

from __future__ import annotations

from typing import Any

import pytest

from miniprogram_server.admin.framework.operation import PREFIX, Operation
from miniprogram_server.admin.operations.table import OPERATIONS

RELEASE = f"{PREFIX}/programs/shop/targets/wallet/production/releases"


def _typed(operation: Operation) -> list[tuple[str, str]]:
    """Members of the body that are true or false, or whole numbers, at its top."""
    schema = operation.body.model_json_schema(by_alias=True) if operation.body else {}
    found = []
    for name, member in schema.get("properties", {}).items():
        kinds = {member.get("type"), *(each.get("type") for each in member.get("anyOf", ()))}
        found += [(name, kind) for kind in ("boolean", "integer", "number") if kind in kinds]
    return found


COERCED = [
    pytest.param(operation, name, wrong, id=f"{operation.name}-{name}-{wrong!r}")
    for operation in OPERATIONS
    for name, kind in _typed(operation)
    for wrong in (("yes", "true", 1) if kind == "boolean" else ("70", True, "1.5"))
]


@pytest.mark.parametrize(("operation", "name", "wrong"), COERCED)
def test_a_member_is_of_its_type_and_nothing_that_could_mean_it(
    operation: Operation, name: str, wrong: Any
) -> None:
    assert operation.body is not None
    with pytest.raises(ValueError, match=r"(?s)should be a valid|extra"):
        operation.body.model_validate({name: wrong})
    errors = _errors(operation.body, {name: wrong})
    assert (name,) in errors or (name[0].lower() + name[1:],) in errors


def _errors(model: Any, members: dict[str, Any]) -> set[tuple[Any, ...]]:
    from pydantic import ValidationError

    try:
        model.model_validate(members)
    except ValidationError as error:
        return {each["loc"] for each in error.errors() if each["type"] != "missing"}
    return set()


@pytest.mark.parametrize("name", ["1.0.0\\n", "\\t1.1.0", " 1.1.0", "x" * 300, "1.0.0/..", ""])
def test_a_version_that_is_no_name_is_the_callers_mistake(world, name: str) -> None:
    headers = {"authorization": f"Bearer {world.tokens['ann']}", "content-type": "application/json"}
    answer = world.client.post(RELEASE, content=f'{{"version": "{name}"}}', headers=headers)

    assert (answer.status_code, "version" in answer.json()["detail"]) == (422, True)


@pytest.mark.parametrize("operation", OPERATIONS, ids=[each.name for each in OPERATIONS])
def test_no_name_in_a_path_is_the_stores_trouble(lasting_world, operation: Operation) -> None:
    """Names no store would take are 4xx, wherever they stand."""
    from urllib.parse import quote

    for wrong in ("x" * 300, "a\nb", "a b", "ä", "\x00", "a\u202e"):
        for each in operation.names:
            names = {name: quote(wrong if name == each else "shop", safe="") for name in operation.names}
            path = PREFIX + operation.path.format_map(names)
            answer = lasting_world.call("cleo", operation.method, path, {}, if_match="*")
            assert 400 <= answer.status_code < 500, (path, answer.text)


def test_a_member_is_called_by_the_address_of_their_mail(world) -> None:
    path = f"{PREFIX}/members/eve%40corp.example"
    added = world.call("cleo", "PUT", path, {"grants": [{"role": "reviewer"}]}, if_match="*")
    assert added.status_code == 200, added.text
    removed = world.call("cleo", "POST", f"{PREFIX}/members/eve@corp.example/remove", {}, if_match="*")
    assert (removed.status_code, removed.json()["subject"]["name"]) == (200, "eve@corp.example")
