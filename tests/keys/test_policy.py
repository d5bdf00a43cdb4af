from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from miniprogram.delivery.documents.cache.document import Document
from miniprogram.delivery.documents.contents.access_keys import compile_access_policy, digest_of
from miniprogram.errors import DocumentError
from miniprogram.keys.policy import parse_policy
from miniprogram.strict_json import to_pretty_json

KEY, OTHER = "mpk_live_" + "a" * 32, "mpk_live_" + "b" * 32


def parse(document: dict[str, Any] | None) -> Any:
    return parse_policy(document, program_id="shop", name="metadata/access_keys/shop.json")


@pytest.mark.parametrize(
    "document",
    [
        {"keys": [KEY]},
        {"accessKeys": [KEY]},
        {"keys": [{"key": KEY}]},
        {"keys": [{"value": KEY, "enabled": True}]},
        {"keys": [{"id": "a", "accessKey": KEY}]},
        {"keys": [{"id": "a", "sha256": digest_of(KEY)}]},
        {"keys": [{"id": "a", "sha256Hash": digest_of(KEY).upper()}]},
        {"keys": [{"id": "a", "hash": digest_of(KEY)}], "accessKeys": []},
        {"keys": [{"id": "a", "key": OTHER, "hash": digest_of(KEY)}]},
    ],
    ids=["text", "old list", "key", "value", "accessKey", "sha256", "upper case", "hash", "both"],
)
def test_what_is_served_is_managed(document: dict[str, Any]) -> None:
    policy = parse(document)

    assert digest_of(KEY) in {entry.sha256 for entry in policy.keys if entry.active}


def test_plain_text_becomes_a_hash_when_written() -> None:
    written = to_pretty_json(parse({"keys": [KEY, {"id": "b", "key": OTHER}]}).to_document("now")).decode()

    assert KEY not in written
    assert OTHER not in written
    assert digest_of(KEY) in written
    assert digest_of(OTHER) in written


def test_members_we_do_not_know_survive() -> None:
    document = {"note": "mine", "keys": [{"id": "a", "sha256": digest_of(KEY), "owner": "ops"}]}

    written = parse(document).to_document("now")

    assert written["note"] == "mine"
    assert written["keys"][0]["owner"] == "ops"


REVOKED_AT = {"revokedAtUtc": "2030-01-01T00:00:00.000Z"}


@pytest.mark.parametrize(
    "enabled", [{}, {"enabled": True}, {"enabled": False}, {"enabled": None}, {"enabled": "no"}]
)
@pytest.mark.parametrize("revoked", [{}, {"revoked": True}, {"revoked": False}, REVOKED_AT])
@pytest.mark.parametrize("member", ["sha256", "hash", "key"])
def test_a_key_is_called_active_exactly_when_it_opens_the_program(
    enabled: dict[str, Any], revoked: dict[str, Any], member: str
) -> None:
    entry = {"id": "a", member: KEY if member == "key" else digest_of(KEY), **enabled, **revoked}
    stored = to_pretty_json({"keys": [entry]})
    policy = parse({"keys": [entry]})

    rewritten = to_pretty_json(policy.to_document("now"))

    served = [compile_access_policy(Document("k", body)).allows(KEY) for body in (stored, rewritten)]
    assert served == [policy.active_count == 1] * 2


@pytest.mark.parametrize(
    ("document", "place"),
    [
        ({"keys": {}}, "keys"),
        ({"accessKeys": "x"}, "accessKeys"),
        ({"keys": [KEY, 7]}, "keys[1]"),
        ({"keys": [""]}, "keys[0]"),
        ({"schemaVersion": 2, "keys": []}, "newer release"),
        ({"schemaVersion": "1", "keys": []}, "schemaVersion"),
    ],
    ids=["object", "text list", "number", "empty", "newer", "schema type"],
)
def test_a_broken_document_is_named_with_its_place(document: dict[str, Any], place: str) -> None:
    with pytest.raises(DocumentError) as failure:
        parse(document)

    assert "metadata/access_keys/shop.json" in str(failure.value)
    assert place in str(failure.value)
    assert KEY not in str(failure.value)


_NAMES = st.sampled_from(["key", "value", "accessKey", "sha256", "sha256Hash", "hash"])
_ENTRIES = st.one_of(
    st.sampled_from([KEY, OTHER]),
    st.fixed_dictionaries(
        {},
        optional={
            "id": st.sampled_from(["a", "b", " "]),
            "enabled": st.booleans(),
            "revoked": st.booleans(),
        },
    ).flatmap(
        lambda entry: st.dictionaries(
            _NAMES, st.sampled_from([KEY, OTHER, digest_of(KEY), digest_of(OTHER)]), max_size=3
        ).map(lambda secrets: {**entry, **secrets})
    ),
)


@given(st.lists(_ENTRIES, max_size=4), st.lists(_ENTRIES, max_size=2))
def test_rewriting_a_policy_changes_nothing_for_whoever_loads(keys: list[Any], older: list[Any]) -> None:
    document = {"keys": keys, "accessKeys": older}
    before = compile_access_policy(Document("k", to_pretty_json(document)))
    after = compile_access_policy(Document("k", to_pretty_json(parse(document).to_document("now"))))

    presented = (KEY, OTHER, digest_of(KEY))
    assert [after.allows(text) for text in presented] == [before.allows(text) for text in presented]


@pytest.mark.parametrize("version", [True, False, "1", 1.0, 2, None])
def test_a_version_is_a_number_that_is_known(version: object) -> None:
    with pytest.raises(DocumentError, match="schemaVersion is not 1"):
        parse({"schemaVersion": version})


@pytest.mark.parametrize("raw", [{"note": "x"}, {"id": " ", "note": "x"}, {"id": 7, "note": "x"}], ids=str)
def test_an_entry_that_opens_nothing_is_kept_under_a_name(raw: dict[str, Any]) -> None:
    (entry,) = parse({"keys": [raw]}).keys

    assert (entry.sha256, entry.rest) == (None, {"note": "x"})
    assert entry.id == f"unnamed-{digest_of(repr(sorted(raw)))[:12]}"
    (again,) = parse({"keys": [raw]}).keys
    assert again == entry


def test_the_times_of_a_key_are_read() -> None:
    times = {"createdAtUtc": "c", "updatedAtUtc": "u", "revokedAtUtc": "r"}
    (entry,) = parse({"keys": [{"id": "a", "key": KEY, **times}]}).keys

    assert (entry.created_at, entry.updated_at, entry.revoked_at) == ("c", "u", "r")
    assert times.items() <= entry.to_document().items()
