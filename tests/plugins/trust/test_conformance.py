"""What the specification of The Update Framework asks of a client, of the Python client and of the web runtime's.

The ideas are those of the public suite theupdateframework/tuf-conformance, which runs with the same command lines.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from plugins.trust.simulated_repository import PAST, Client, SimulatedRepository, run_python, run_web, served

FIRST = {"root": 1, "snapshot": 1, "targets": 1, "timestamp": 1}
Bend = Callable[[SimulatedRepository], object]

pytestmark = pytest.mark.process


@pytest.fixture
def repository() -> SimulatedRepository:
    return SimulatedRepository()


@pytest.fixture(params=[run_python, run_web], ids=["python", "web"])
def client(request: pytest.FixtureRequest, repository: SimulatedRepository, tmp_path: Path) -> Iterator[Client]:
    with served(repository) as address:
        made = Client(request.param, tmp_path, address)
        made.init(repository.files["metadata/1.root.json"])
        yield made


def test_asks_for_the_next_root_then_for_what_each_file_names(
    client: Client, repository: SimulatedRepository
) -> None:
    assert client.refresh()

    asked = ["2.root.json", "timestamp.json", "1.snapshot.json", "1.targets.json"]
    assert repository.asked == [f"metadata/{name}" for name in asked]
    assert client.held == FIRST


def test_loads_again_only_what_is_new(client: Client, repository: SimulatedRepository) -> None:
    assert client.refresh()
    repository.asked.clear()
    assert client.refresh()

    assert repository.asked == ["metadata/2.root.json", "metadata/timestamp.json"]


def _unsigned(document: dict) -> None:
    document["signatures"] = []


def _other_signature(document: dict) -> None:
    document["signatures"][0]["sig"] = "00" * 64


def _without_keys(document: dict) -> None:
    del document["signed"]["keys"]


def _without_version(document: dict) -> None:
    del document["signed"]["version"]


def _of_other_type(document: dict) -> None:
    document["signed"]["_type"] = "targets"


def _of_far_specification(document: dict) -> None:
    document["signed"]["spec_version"] = "2.0.0"


@pytest.mark.parametrize(
    "edit", [_unsigned, _other_signature, _without_keys, _without_version, _of_other_type, _of_far_specification]
)
def test_a_bad_root_to_begin_with_asks_for_nothing(
    edit: Callable[[dict], object], client: Client, repository: SimulatedRepository
) -> None:
    repository.change("metadata/1.root.json", edit)
    client.init(repository.files["metadata/1.root.json"])

    assert not client.refresh()
    assert repository.asked == []


@pytest.mark.parametrize("name", ["root", "timestamp", "snapshot", "targets"])
@pytest.mark.parametrize("edit", [_unsigned, _other_signature, _without_version])
def test_a_bad_file_is_refused_and_what_was_known_stays(
    name: str, edit: Callable[[dict], object], client: Client, repository: SimulatedRepository
) -> None:
    assert client.refresh()
    repository.names_digests = False
    repository.publish("root")
    repository.publish_all()
    path = "metadata/timestamp.json" if name == "timestamp" else f"metadata/2.{name}.json"
    repository.change(path, edit)

    assert not client.refresh()
    assert client.held[name] == 1


@pytest.mark.parametrize("name", ["root", "timestamp", "snapshot", "targets"])
def test_what_has_expired_is_refused(name: str, client: Client, repository: SimulatedRepository) -> None:
    assert client.refresh()
    repository.signed(name).expires = PAST
    repository.publish("root")
    repository.publish_all()

    assert not client.refresh()
    order = ("root", "timestamp", "snapshot", "targets")
    later = order[order.index(name) :]
    assert all(client.held[each] == 1 for each in later if each != "root")
    assert client.held["root"] == 2  # a root that has expired counts, so that the next one can be followed


def test_what_is_held_may_have_expired_once_there_is_newer(
    client: Client, repository: SimulatedRepository
) -> None:
    assert client.refresh()
    for name in ("timestamp", "snapshot"):
        signed = repository.signed(name)
        until, signed.expires = signed.expires, PAST
        client.hold(name, repository.metadata(name, signed).to_bytes())
        signed.expires = until
    repository.publish_all()

    assert client.refresh()
    assert client.held == {**FIRST, "targets": 2, "snapshot": 2, "timestamp": 2}


def test_an_expired_root_in_between_is_followed(client: Client, repository: SimulatedRepository) -> None:
    until, repository.root.expires = repository.root.expires, PAST
    repository.publish("root")
    repository.root.expires = until
    repository.publish("root")

    assert client.refresh()
    assert client.held["root"] == 3


def test_one_number_is_one_time_stamp(client: Client, repository: SimulatedRepository) -> None:
    assert client.refresh()
    held = (client.folder / "metadata" / "timestamp.json").read_bytes()
    repository.publish("targets", "snapshot")
    repository.publish("timestamp", bump=False)

    assert client.refresh()
    assert (client.folder / "metadata" / "timestamp.json").read_bytes() == held
    assert client.held == FIRST


def _older_timestamp(repository: SimulatedRepository) -> None:
    repository.timestamp.version -= 1
    repository.publish("timestamp", bump=False)


def _older_snapshot(repository: SimulatedRepository) -> None:
    repository.snapshot.version -= 1
    repository.publish("snapshot", bump=False)
    repository.publish("timestamp")


def _older_targets(repository: SimulatedRepository) -> None:
    repository.targets.version -= 1
    repository.publish("targets", bump=False)
    repository.publish("snapshot", "timestamp")


def _older_role(repository: SimulatedRepository) -> None:
    repository.roles["shop"].version -= 1
    repository.publish("shop", bump=False)
    repository.publish("snapshot", "timestamp")


def _forgotten_role(repository: SimulatedRepository) -> None:
    del repository.snapshot.meta["shop.json"]
    repository.publish("snapshot", "timestamp")


@pytest.mark.parametrize("bend", [_older_timestamp, _older_snapshot, _older_targets, _older_role, _forgotten_role])
@pytest.mark.parametrize("digests", [True, False], ids=["digests", "numbers"])
def test_going_back_is_refused_however_often_it_is_tried(
    bend: Bend, digests: bool, client: Client, repository: SimulatedRepository
) -> None:
    repository.names_digests = digests
    repository.delegate("shop", "shop/*")
    repository.publish_all()
    repository.publish_all()
    assert client.refresh()
    known = client.held
    bend(repository)

    assert [client.refresh() for _ in range(3)] == [False, False, False]
    assert client.held["snapshot"] == known["snapshot"]
    assert client.held["targets"] == known["targets"]


@pytest.mark.parametrize("role", ["timestamp", "snapshot", "targets"])
def test_other_keys_recover_from_a_thief_who_counted_far_ahead(
    role: str, client: Client, repository: SimulatedRepository
) -> None:
    repository.signed(role).version = 4000
    repository.publish_all()
    assert client.refresh()
    assert client.held[role] == 4001
    repository.signed(role).version = 1
    for each in {role, "snapshot", "timestamp"} - ({"snapshot"} if role == "timestamp" else set()):
        repository.give_keys(each)
    repository.publish("root")
    repository.publish_all()

    assert client.refresh()
    assert client.held[role] == 2


def _gap(repository: SimulatedRepository) -> None:
    repository.root.version += 1
    repository.files["metadata/2.root.json"] = repository.metadata("root", repository.root).to_bytes()
    repository.change("metadata/2.root.json", lambda document: document["signed"].update(version=3))


def _by_new_keys_alone(repository: SimulatedRepository) -> None:
    repository.give_keys("root")
    repository.publish("root")


def _by_old_keys_alone(repository: SimulatedRepository) -> None:
    old = repository.signers["root"]
    repository.give_keys("root")
    repository.signers["root"] = old
    repository.publish("root")


def _one_of_two(repository: SimulatedRepository) -> None:
    old = repository.signers["root"]
    repository.give_keys("root", 2, threshold=2)
    repository.signers["root"] = [*old, repository.signers["root"][0]]
    repository.publish("root")


def _one_signature_twice(repository: SimulatedRepository) -> None:
    _one_of_two(repository)
    repository.change(
        "metadata/2.root.json", lambda document: document["signatures"].append(document["signatures"][1])
    )


@pytest.mark.parametrize("bend", [_gap, _by_new_keys_alone, _by_old_keys_alone, _one_of_two, _one_signature_twice])
def test_a_root_that_does_not_follow_is_refused(
    bend: Bend, client: Client, repository: SimulatedRepository
) -> None:
    bend(repository)

    assert not client.refresh()
    assert client.held.get("root", 1) == 1
    assert "metadata/timestamp.json" not in repository.asked


def test_new_keys_signed_for_by_old_and_new_are_followed(client: Client, repository: SimulatedRepository) -> None:
    old = repository.signers["root"]
    repository.give_keys("root", 3, threshold=2)
    new = repository.signers["root"]
    repository.signers["root"] = [*old, *new[:2]]
    repository.publish("root")

    assert client.refresh()
    assert client.held["root"] == 2


@pytest.mark.parametrize("kind", ["ed25519", "ecdsa", "rsa"])
@pytest.mark.parametrize("role", ["root", "timestamp", "targets"])
def test_every_kind_of_key_that_may_sign_is_understood(
    kind: str, role: str, client: Client, repository: SimulatedRepository
) -> None:
    old = repository.signers[role] if role == "root" else []
    repository.give_keys(role, kind=kind)
    repository.signers[role] += old
    repository.publish("root")
    repository.publish_all()

    assert client.refresh()
    assert client.held == {"root": 2, "snapshot": 2, "targets": 2, "timestamp": 2}


def test_keys_that_were_taken_away_sign_nothing(client: Client, repository: SimulatedRepository) -> None:
    assert client.refresh()
    thief = repository.signers["timestamp"]
    repository.give_keys("timestamp")
    repository.publish("root")
    repository.signers["timestamp"] = thief
    repository.publish("timestamp")

    assert not client.refresh()
    assert client.held["root"] == 2


def test_more_signatures_are_wanted_than_there_are(client: Client, repository: SimulatedRepository) -> None:
    repository.give_keys("snapshot", 3, threshold=3)
    repository.signers["snapshot"].pop()
    repository.publish("root")
    repository.publish_all()

    assert not client.refresh()
    assert "snapshot" not in client.held


def test_what_nobody_knows_yet_is_signed_with_the_rest(client: Client, repository: SimulatedRepository) -> None:
    repository.root.unrecognized_fields["later"] = {
        "z": [1, "é", "\U0001f600"],
        'a"\\': None,
        "￿": True,
        "\U00010000": False,
    }
    repository.targets.unrecognized_fields["later"] = "value"
    repository.publish("root")
    repository.publish_all()

    assert client.refresh()
    assert client.held["root"] == 2


def test_a_file_other_than_the_one_that_is_named_is_refused(
    client: Client, repository: SimulatedRepository
) -> None:
    assert client.refresh()
    repository.publish_all()
    repository.signed("targets").unrecognized_fields["mixed"] = True
    metadata = repository.metadata("targets", repository.targets)
    repository.files["metadata/2.targets.json"] = metadata.to_bytes()

    assert not client.refresh()
    assert client.held["targets"] == 1


@pytest.mark.parametrize("name", ["2.root.json", "timestamp.json"])
def test_a_file_without_end_is_cut(name: str, client: Client, repository: SimulatedRepository) -> None:
    repository.files[f"metadata/{name}"] = b" " * 4_000_000

    assert not client.refresh()
    assert "timestamp" not in client.held


@pytest.mark.parametrize("path", ["plain.txt", "shop/1.0.0.json", "shop/sub/a b.txt"])
def test_what_is_signed_is_loaded_and_kept(path: str, client: Client, repository: SimulatedRepository) -> None:
    repository.add_target(path, b"signed")
    repository.publish_all()

    assert client.download(path) == b"signed"
    repository.asked.clear()
    assert client.download(path) == b"signed"
    assert [each for each in repository.asked if each.startswith("targets/")] == []


def test_a_role_speaks_for_its_paths_alone(client: Client, repository: SimulatedRepository) -> None:
    shop = repository.delegate("shop", "shop/*", terminating=True)
    other = repository.delegate("other", "*/*")
    repository.add_target("shop/1.json", b"one", shop)
    repository.add_target("cafe/1.json", b"by shop", shop)
    repository.add_target("shop/2.json", b"by other", other)
    repository.add_target("shop/a/1.json", b"deeper", shop)
    repository.publish_all()

    assert client.download("shop/1.json") == b"one"
    assert client.download("cafe/1.json") is None
    assert client.download("shop/2.json") is None
    assert client.download("shop/a/1.json") is None


@pytest.mark.parametrize("body", [b"", b"signeD", b"signed and more"])
def test_bytes_other_than_those_that_are_signed_are_refused(
    body: bytes, client: Client, repository: SimulatedRepository
) -> None:
    repository.add_target("shop.json", b"signed")
    repository.publish_all()
    path = next(each for each in repository.files if each.startswith("targets/"))
    repository.files[path] = body

    assert client.download("shop.json") is None
    assert client.held["targets"] == 2


def test_a_path_that_nobody_signed_is_refused_once_everything_is_known(
    client: Client, repository: SimulatedRepository
) -> None:
    assert client.download("nothing.json") is None
    assert client.held == FIRST
