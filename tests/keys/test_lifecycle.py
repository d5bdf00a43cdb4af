from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from pathlib import Path

import pytest

from miniprogram.delivery.documents.contents.access_keys import digest_of
from miniprogram.delivery.documents.kinds import ACCESS_KEYS
from miniprogram.documents.json_documents import change_document, read_document
from miniprogram.errors import DocumentError, MiniProgramError
from miniprogram.keys.key_text import generate_key
from miniprogram.keys.lifecycle import PolicyLocation, create_key, read_policy, revoke_key, rotate_key
from miniprogram.stores.filesystem import FilesystemObjectStore

KEY, OTHER, THIRD = (f"mpk_live_{letter * 32}" for letter in "abc")


def active(location: PolicyLocation) -> dict[str, str | None]:
    policy = read_policy(location)
    assert policy is not None
    return {entry.id: entry.sha256 for entry in policy.keys if entry.active}


def test_a_created_key_is_stored_as_its_hash_only(location: PolicyLocation, noon: datetime) -> None:
    created = create_key(location, "partner", KEY, now=noon)

    assert (created.key, created.first) == (KEY, True)
    assert KEY not in repr(created)
    assert read_document(location.store, location.key) == {
        "schemaVersion": 1,
        "miniProgramId": "shop",
        "updatedAtUtc": "2030-01-02T12:00:00.000Z",
        "keys": [
            {
                "id": "partner",
                "sha256": digest_of(KEY),
                "enabled": True,
                "createdAtUtc": "2030-01-02T12:00:00.000Z",
                "updatedAtUtc": "2030-01-02T12:00:00.000Z",
            }
        ],
    }


def test_only_the_first_key_says_that_it_protects(location: PolicyLocation, noon: datetime) -> None:
    assert create_key(location, "a", KEY, now=noon).first
    assert not create_key(location, "b", OTHER, now=noon).first


@pytest.mark.parametrize("revoked", [False, True], ids=["active", "revoked"])
def test_a_used_id_is_not_given_again(location: PolicyLocation, noon: datetime, *, revoked: bool) -> None:
    create_key(location, "a", KEY, now=noon)
    if revoked:
        revoke_key(location, "a", now=noon)

    with pytest.raises(MiniProgramError, match="'a'") as failure:
        create_key(location, "a", OTHER, now=noon)

    assert failure.value.hint is not None
    assert "--key-id" in failure.value.hint
    assert active(location) == ({} if revoked else {"a": digest_of(KEY)})


def test_a_revoked_key_cannot_come_back_under_another_id(location: PolicyLocation, noon: datetime) -> None:
    create_key(location, "a", KEY, now=noon)
    revoke_key(location, "a", now=noon)

    with pytest.raises(MiniProgramError) as failure:
        create_key(location, "b", KEY, now=noon)

    assert KEY not in str(failure.value)
    assert active(location) == {}


def test_revoking_twice_keeps_the_first_time(location: PolicyLocation, noon: datetime, later: datetime) -> None:
    create_key(location, "a", KEY, now=noon)
    revoke_key(location, "a", now=noon)
    policy = revoke_key(location, "a", now=later)

    assert [(entry.enabled, entry.revoked_at) for entry in policy.keys] == [(False, "2030-01-02T12:00:00.000Z")]


def test_revoking_acts_on_the_active_one_of_two_entries(location: PolicyLocation, later: datetime) -> None:
    old = {"id": "a", "sha256": digest_of(OTHER), "enabled": False, "revokedAtUtc": "2029-01-01T00:00:00.000Z"}
    live = {"id": "a", "sha256": digest_of(KEY), "enabled": True}
    change_document(location.store, ACCESS_KEYS, location.key, lambda _: {"schemaVersion": 1, "keys": [old, live]})

    policy = revoke_key(location, "a", now=later)

    assert policy.active_count == 0
    assert {entry.revoked_at for entry in policy.keys} == {"2029-01-01T00:00:00.000Z", "2030-01-02T13:00:00.000Z"}


def test_revoking_what_is_not_there_names_what_is(location: PolicyLocation, noon: datetime) -> None:
    create_key(location, "a", KEY, now=noon)

    with pytest.raises(MiniProgramError, match="'z'; its keys: a"):
        revoke_key(location, "z", now=noon)


def test_rotating_names_the_new_key_after_the_time(
    location: PolicyLocation, noon: datetime, later: datetime
) -> None:
    create_key(location, "a", KEY, now=noon)

    created = rotate_key(location, "a", new_id=None, key=OTHER, now=later)

    assert created.key_id == "a-20300102130000"
    assert active(location) == {"a-20300102130000": digest_of(OTHER)}


@pytest.mark.parametrize(("old", "new"), [("z", "b"), ("a", "a"), ("a", "c")], ids=["unknown", "same", "taken"])
def test_a_refused_rotation_leaves_the_old_key_alone(
    location: PolicyLocation, noon: datetime, old: str, new: str
) -> None:
    create_key(location, "a", KEY, now=noon)
    create_key(location, "c", OTHER, now=noon)

    with pytest.raises(MiniProgramError):
        rotate_key(location, old, new_id=new, key=THIRD, now=noon)

    assert set(active(location)) == {"a", "c"}


@pytest.mark.parametrize("body", [b'{"keys": [', b"[]", b'"x"', b"\xff"], ids=["torn", "list", "text", "binary"])
def test_a_torn_policy_is_named_and_not_replaced(location: PolicyLocation, noon: datetime, body: bytes) -> None:
    location.store.put(location.key, body)

    with pytest.raises(DocumentError, match=r"metadata/access_keys/shop\.json"):
        create_key(location, "a", KEY, now=noon)

    found = location.store.get(location.key)
    assert found is not None
    assert found.body == body


def test_eight_writers_at_once_lose_no_key(location: PolicyLocation, noon: datetime) -> None:
    def work(number: int) -> None:
        for round_number in range(3):
            create_key(location, f"w{number}-{round_number}", generate_key(), now=noon)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(work, range(8)))

    assert len(active(location)) == 24


def test_revoking_while_others_create_always_revokes(location: PolicyLocation, noon: datetime) -> None:
    create_key(location, "old", KEY, now=noon)

    with ThreadPoolExecutor(8) as pool:
        creating = [pool.submit(create_key, location, f"n{n}", generate_key(), now=noon) for n in range(7)]
        revoking = pool.submit(revoke_key, location, "old", now=noon)
        for task in [*creating, revoking]:
            task.result()

    assert set(active(location)) == {f"n{n}" for n in range(7)}


def test_stores_opened_apart_lose_nothing_either(tmp_path: Path, noon: datetime) -> None:
    def work(number: int) -> None:
        own = PolicyLocation(FilesystemObjectStore(tmp_path), "metadata/access_keys/shop.json", "shop")
        create_key(own, f"k{number}", generate_key(), now=noon)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(work, range(8)))

    assert (
        len(active(PolicyLocation(FilesystemObjectStore(tmp_path), "metadata/access_keys/shop.json", "shop"))) == 8
    )


def test_a_key_is_not_replaced_by_one_of_its_own_id(location: PolicyLocation, noon: datetime) -> None:
    create_key(location, "a", KEY, now=noon)

    with pytest.raises(MiniProgramError, match="the new key needs another id than 'a'"):
        rotate_key(location, "a", new_id="a", key=OTHER, now=noon)

    assert active(location) == {"a": digest_of(KEY)}


def test_where_there_is_no_key_none_can_be_revoked(location: PolicyLocation, noon: datetime) -> None:
    with pytest.raises(MiniProgramError, match="no access key 'a'; its keys: none"):
        revoke_key(location, "a", now=noon)


def test_what_is_revoked_already_keeps_all_its_times(
    location: PolicyLocation, noon: datetime, later: datetime
) -> None:
    create_key(location, "a", KEY, now=noon)
    before = revoke_key(location, "a", now=noon).keys

    assert revoke_key(location, "a", now=later).keys == before


def test_a_free_id_is_the_next_number(location: PolicyLocation, noon: datetime) -> None:
    for key_id, key in (("a", KEY), ("a-2", OTHER)):
        create_key(location, key_id, key, now=noon)
        revoke_key(location, key_id, now=noon)
        with pytest.raises(MiniProgramError) as failure:
            create_key(location, "a", THIRD, now=noon)
        assert failure.value.hint == f"Choose another --key-id, such as {'a-2' if key_id == 'a' else 'a-3'}."
