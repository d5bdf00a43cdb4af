from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

import pytest

from miniprogram.attestations.envelope import seal_statement
from miniprogram.attestations.key_texts import key_text
from miniprogram.promotion.promotion_file import listing_of, read_promotion_file, write_promotion_file
from miniprogram.promotion.statement import PAYLOAD_TYPE, unbelieved
from miniprogram.strict_json import to_canonical_json
from testbed.promotion_world import Border, Place
from testbed.trust_world import MemoryKey


@pytest.fixture
def border() -> Border:
    key = MemoryKey("exports")
    there, here = Place("staging"), Place("vault")
    here.rules(promotion_keys=[key_text(key.public())])
    there.publish("1.0.0")
    there.approve("1.0.0")
    return Border(there, here, key)


Change = Callable[[dict[str, Any]], None]


@pytest.fixture
def forge(border: Border) -> Callable[..., bytes]:
    """A file whose statement says something else, signed again with `key`, and other members."""

    def forge(
        body: bytes,
        change: Change = lambda _: None,
        *,
        key: MemoryKey | None = None,
        members: Mapping[str, bytes] | None = None,
    ) -> bytes:
        envelope, found = read_promotion_file(body, name="it")
        said = json.loads(
            to_canonical_json(unbelieved(envelope, name="it").model_dump(mode="json", by_alias=True))
        )
        wanted = dict(found if members is None else members)
        said["files"] = listing_of(wanted)
        change(said)
        payload = to_canonical_json(said)
        return write_promotion_file(seal_statement(PAYLOAD_TYPE, payload, [key or border.key]), wanted)

    return forge
