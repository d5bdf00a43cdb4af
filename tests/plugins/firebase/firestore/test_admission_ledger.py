"""The admission ledger in Firestore: the contract, sixteen processes at once, rivals at each step, outages."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import pytest
from google.cloud.firestore_v1 import types

from miniprogram.delivery.evaluation.errors import SourceUnavailable
from miniprogram.delivery.evaluation.ledger import ledger_key
from miniprogram.testing.admission_ledger import NOW_MS, AdmissionLedgerContract
from miniprogram_firebase.function.firestore import Firestore
from miniprogram_firebase.function.firestore_ledger import SHARDS, FirestoreLedger
from testbed.google.firestore.refusals import Refusal
from testbed.google.firestore.rest import FirestoreRest
from testbed.google.firestore.service import FirestoreService
from testbed.google.server import GoogleStandIn
from testbed.google.small_services import MetadataService

PROCESSES, VISITORS_EACH, PLACES = 16, 8, 40
ADA = ledger_key("w", "ada")
ROOT = "projects/shop-project/databases/(default)/documents"
COME = """
import json, sys
from miniprogram_firebase.function.firestore import Firestore
from miniprogram_firebase.function.firestore_ledger import FirestoreLedger
environ, limit, keys = json.loads(sys.argv[1]), int(sys.argv[2]), sys.argv[3:]
ledger = FirestoreLedger(Firestore(environ), patience_s=60)
ledger.count("w")
print("ready", flush=True)
sys.stdin.readline()
print(json.dumps([ledger.admit("w", key, limit, 1788000000000) for key in keys]))
"""

MakeLedger = Callable[[], FirestoreLedger]


@pytest.fixture
def service(google: GoogleStandIn) -> FirestoreService:
    made = FirestoreService()
    google.services += [MetadataService(), FirestoreRest(made)]
    return made


@pytest.fixture
def environ(google: GoogleStandIn, service: FirestoreService) -> dict[str, str]:
    assert service.calls == []
    return {
        "CLOUDSDK_API_ENDPOINT_OVERRIDES_FIRESTORE": google.address,
        "GCE_METADATA_HOST": google.address.removeprefix("http://"),
        "GOOGLE_CLOUD_PROJECT": "shop-project",
    }


@pytest.fixture
def make_ledger(environ: dict[str, str]) -> MakeLedger:
    return lambda: FirestoreLedger(Firestore(environ), patience_s=30)


class TestFirestoreLedger(AdmissionLedgerContract):
    @pytest.fixture(autouse=True)
    def _database(self, make_ledger: MakeLedger) -> None:
        self.make = make_ledger

    def make_ledger(self) -> FirestoreLedger:
        return self.make()

    def open_again(self, ledger: Any) -> FirestoreLedger:
        del ledger
        return self.make()


@pytest.mark.slow
def test_sixteen_processes_take_forty_places(environ: dict[str, str], make_ledger: MakeLedger) -> None:
    keys = [[ledger_key("w", f"{one}-{other}") for other in range(VISITORS_EACH)] for one in range(PROCESSES)]
    comers = [
        subprocess.Popen(
            [sys.executable, "-c", COME, json.dumps(environ), str(PLACES), *own],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for own in keys
    ]
    for each in comers:
        assert each.stdout is not None
        assert each.stdout.readline() == "ready\n"
    told = [each.communicate("go\n", timeout=100)[0] for each in comers]
    admitted = [answer for line in told for answer in json.loads(line)]
    assert sum(admitted) == PLACES == make_ledger().count("w")


@pytest.mark.parametrize("limit", [1, 3, SHARDS, SHARDS + 1, 50])
def test_every_slot_is_given_and_none_twice(make_ledger: MakeLedger, limit: int) -> None:
    ledger = make_ledger()
    found = [ledger.admit("w", ledger_key("w", str(number)), limit, NOW_MS) for number in range(limit + 5)]
    assert found == [True] * limit + [False] * 5
    assert ledger.count("w") == limit


@pytest.mark.parametrize(("before", "after"), [(3, 20), (20, 3), (20, 11), (9, 10)])
def test_a_limit_that_changes_shares_out_what_is_left(make_ledger: MakeLedger, before: int, after: int) -> None:
    first = make_ledger()
    taken = min(before, 10)
    for number in range(taken):
        assert first.admit("w", ledger_key("w", str(number)), before, NOW_MS)
    second = make_ledger()
    more = [second.admit("w", ledger_key("w", f"x{number}"), after, NOW_MS) for number in range(after + 3)]
    assert sum(more) == max(0, after - taken)
    assert second.count("w") == max(taken, after)


@pytest.mark.parametrize("step", ["BatchGetDocuments", "Commit"])
@pytest.mark.parametrize("nth", [1, 2, 3])
def test_a_rival_at_any_step_takes_the_last_slot_or_does_not(
    service: FirestoreService, make_ledger: MakeLedger, step: str, nth: int
) -> None:
    """Somebody else comes just before a step of an admission for the one slot that is left."""
    make_ledger().admit("w", ledger_key("w", "first"), 2, NOW_MS)
    seen, rivals = [], []

    def intrude(method: str, request: Any) -> None:
        del request
        seen.append(method)
        if seen.count(step) == nth and not rivals:
            rivals.append(take_the_last_slot(service, limit=2))

    service.interruptions.append(intrude)
    mine = make_ledger().admit("w", ADA, 2, NOW_MS)
    service.interruptions.clear()
    assert [mine, *rivals].count(True) == 1
    assert make_ledger().count("w") == 2


@pytest.mark.parametrize("nth", [1, 2])
def test_a_slot_of_a_wider_window_is_not_taken_for_one_of_a_narrower(
    service: FirestoreService, make_ledger: MakeLedger, nth: int
) -> None:
    """Somebody who knows a higher limit shares out the slots and takes one, right before Ada's shards are read."""
    make_ledger().admit("w", ledger_key("w", "first"), 2, NOW_MS)
    seen: list[str] = []

    def intrude(method: str, request: Any) -> None:
        del request
        seen.append(method)
        if method == "BatchGetDocuments" and seen.count(method) == nth:
            widen_and_take_one(service)

    service.interruptions.append(intrude)
    assert make_ledger().admit("w", ADA, 2, NOW_MS) is False
    service.interruptions.clear()
    assert make_ledger().count("w") == 2


def widen_and_take_one(service: FirestoreService) -> None:
    database, write = service.database(ROOT), types.Write.pb()
    writes = [write(update={"name": f"{ROOT}/miniProgramAdmissions/w~w/visitors/{ledger_key('w', 'rival')}"})]
    for number, each in enumerate(each for each in database.all() if "/shards/" in each.name):
        changed = type(each)()
        changed.CopyFrom(each)
        changed.fields["limit"].integer_value = 2 + SHARDS
        changed.fields["allotted"].integer_value += 1 + (number == 0)
        changed.fields["admitted"].integer_value += number == 0
        writes.append(write(update=changed))
    database.commit(writes)


def take_the_last_slot(service: FirestoreService, *, limit: int) -> bool:
    """What another instance does in one commit; whether there was a slot."""
    database = service.database(ROOT)
    shards = [each for each in database.all() if "/shards/" in each.name]
    free = [
        each for each in shards if each.fields["admitted"].integer_value < each.fields["allotted"].integer_value
    ]
    if not free or free[0].fields["limit"].integer_value != limit:
        return False
    changed = type(free[0])()
    changed.CopyFrom(free[0])
    changed.fields["admitted"].integer_value += 1
    visitor = {"name": f"{ROOT}/miniProgramAdmissions/w~w/visitors/{ledger_key('w', 'rival')}"}
    write = types.Write.pb()
    database.commit([write(update=changed), write(update=visitor, current_document={"exists": False})])
    return True


@pytest.mark.parametrize("status", ["UNAVAILABLE", "PERMISSION_DENIED", "RESOURCE_EXHAUSTED", "NOT_FOUND"])
def test_a_database_that_refuses_is_out_of_reach(
    service: FirestoreService, make_ledger: MakeLedger, status: str
) -> None:
    def refuse(method: str, request: Any) -> None:
        del request
        if method == "BatchGetDocuments":
            raise Refusal(status, "account 12345")

    ledger = make_ledger()
    ledger.admit("w", ADA, 5, NOW_MS)
    service.interruptions += [refuse] * 20
    with pytest.raises(SourceUnavailable, match=status) as caught:
        ledger.admit("w", ledger_key("w", "bob"), 5, NOW_MS)
    assert "12345" not in str(caught.value)
    assert ledger.admit("w", ADA, 5, NOW_MS)
    service.interruptions.clear()
    assert ledger.count("w") == 1


def test_contention_that_lasts_is_told_in_time(service: FirestoreService, environ: dict[str, str]) -> None:
    def refuse(method: str, request: Any) -> None:
        del request
        if method == "Commit":
            raise Refusal("ABORTED", "contention")

    service.interruptions += [refuse] * 1000
    ledger = FirestoreLedger(Firestore(environ))
    with pytest.raises(SourceUnavailable, match="same moment"):
        ledger.admit("w", ADA, 5, NOW_MS)


def test_a_window_has_any_name(make_ledger: MakeLedger) -> None:
    ledger = make_ledger()
    for name in ("a/b", "..", "__x__", "ü ?", "w~"):
        assert ledger.admit(name, ledger_key(name, "ada"), 1, NOW_MS)
        assert ledger.count(name) == 1
