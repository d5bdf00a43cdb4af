"""What `publisher-backend <cloud> …` does, over a backend in memory."""

from __future__ import annotations

import json
import tracemalloc
from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from miniprogram.backends.cloud.data_queries import data_status, find_redemptions
from miniprogram.backends.cloud.data_transfer import export_data, import_data
from miniprogram.backends.cloud.deploying import deploy_backend
from miniprogram.backends.cloud.destroying import destroy_backend
from miniprogram.backends.cloud.inspecting import backend_outputs, backend_status
from miniprogram.backends.cloud.seeding import seed_backend
from miniprogram.backends.cloud.session import BackendSession
from miniprogram.backends.cloud.smoke import WriteProbe, smoke_backend
from miniprogram.backends.program import program_facts
from miniprogram.backends.sample_data import sample_data
from miniprogram.clock import to_iso
from miniprogram.errors import DocumentError, MiniProgramError
from miniprogram.processes import Health
from miniprogram.seams.data_store import Group, Leftover, Record
from miniprogram.state.publisher_backend_cloud import DeployRecords
from miniprogram.testing import NOON
from miniprogram.testing.publisher_backend import MemoryBackend, MemoryDataStore

Said = list[str]


@pytest.fixture
def store() -> MemoryDataStore:
    return MemoryDataStore()


@pytest.fixture
def session(program: Path, store: MemoryDataStore) -> BackendSession:
    return open_session(program, store, "prod")


def open_session(program: Path, store: MemoryDataStore | None, environment: str) -> BackendSession:
    folder = program / "backend" / "memory"
    (folder / "data").mkdir(parents=True, exist_ok=True)
    facts = program_facts(program)
    for name, document in sample_data(facts).items():
        (folder / "data" / name).write_text(json.dumps(document))
    backend = MemoryBackend(folder, store, deployed=True)
    records = DeployRecords(program, "memory")
    return BackendSession(program, facts, "memory", environment, backend, records, {"cell": "cell-1"})


def deploy(session: BackendSession, *answers: int, **changes: Any) -> Any:
    left = list(answers or (200,))
    health = lambda url: Health(left.pop(0) if len(left) > 1 else left[0], "ill")  # noqa: E731
    clock = iter(range(1000))
    return deploy_backend(
        session,
        progress=changes.get("progress", lambda line: None),
        now=changes.get("now", NOON),
        health=health,
        pause=lambda seconds: None,
        tick=lambda: float(next(clock)),
    )


def state_file(program: Path, name: str = "publisher_backend.memory.json") -> Path:
    return program / ".mini_program" / name


def undeployed(session: BackendSession) -> BackendSession:
    session.operator.destroy(lambda line: None)
    return session


def test_a_deploy_waits_until_it_answers_and_is_remembered(session: BackendSession, program: Path) -> None:
    report = deploy(session, 503, 503, 200)
    assert (report.healthy, report.health_status_code) == (True, 200)
    kept = json.loads(state_file(program).read_text())
    assert kept["environmentName"] == "prod"
    assert (kept["cell"], kept["bucket"], kept["schemaVersion"]) == ("cell-1", "b", 1)
    assert kept["outputs"]["PublisherBackendBaseUrl"] == "http://backend.test/"
    assert kept == json.loads(state_file(program, "publisher_backend.memory.prod.json").read_text())


def test_an_ill_deploy_is_remembered_too(session: BackendSession, program: Path) -> None:
    report = deploy(session, 500)
    assert (report.healthy, report.health_error) == (False, "ill")
    assert state_file(program).exists()


def test_a_deploy_without_a_health_url_is_ill(session: BackendSession) -> None:
    session.operator.outputs = {"Other": "x"}  # type: ignore[attr-defined]
    assert "no output" in deploy(session).health_error


def test_environments_do_not_forget_each_other(program: Path, store: MemoryDataStore) -> None:
    prod, test = (open_session(program, store, name) for name in ("prod", "test"))
    deploy(prod, now=NOON)
    deploy(test, now=NOON + timedelta(hours=1))
    assert prod.last_deploy() is not None
    assert json.loads(state_file(program).read_text())["environmentName"] == "test"

    destroy_backend(test, confirm_data_loss=False, progress=lambda line: None, now=NOON)

    assert json.loads(state_file(program).read_text())["environmentName"] == "prod"
    assert (prod.last_deploy() is None, test.last_deploy() is None) == (False, True)


def test_a_record_of_an_older_tool_counts_for_its_environment(session: BackendSession, program: Path) -> None:
    deploy(session)
    state_file(program, "publisher_backend.memory.prod.json").unlink()
    assert session.last_deploy() is not None
    state_file(program).write_text("[torn")
    with pytest.raises(DocumentError, match=r"publisher_backend\.memory\.json"):
        session.last_deploy()


def test_status_says_what_is_there_and_what_was_deployed(session: BackendSession) -> None:
    deploy(session)
    document = backend_status(session, health=lambda url: Health(200)).model_dump(mode="json", by_alias=True)
    assert document["command"] == "publisher-backend memory status"
    assert (document["healthy"], document["cellExists"], document["reason"]) == (True, True, "fine")
    assert document["lastDeploy"] == {
        "deployedAtUtc": to_iso(NOON),
        "backendRootPath": str(session.operator.backend_root),
        "cell": "cell-1",
        "backendBaseUrl": "http://backend.test/",
    }


def test_without_a_deployment_status_is_neither_healthy_nor_ill(session: BackendSession) -> None:
    report = backend_status(undeployed(session), health=lambda url: Health(200))
    assert (report.healthy, report.health_url, report.last_deploy) == (None, None, None)


def test_outputs_need_a_deployment(session: BackendSession) -> None:
    document = backend_outputs(session).model_dump(by_alias=True)
    assert "region" not in document
    assert document["healthUrl"] == "http://backend.test/health"
    with pytest.raises(MiniProgramError, match="there is no cell"):
        backend_outputs(undeployed(session))


def answer(answers: dict[str, httpx.Response]) -> httpx.MockTransport:
    return httpx.MockTransport(lambda request: answers.get(request.url.path, httpx.Response(200, json={})))


@pytest.mark.parametrize(
    ("answers", "failed", "words"),
    [
        ({}, "POST /coupon/redeem", "answered 200"),
        ({"/coupon/redeem": httpx.Response(200, json={"status": "already_redeemed"})}, None, ""),
        (
            {"/coupon/redeem": httpx.Response(404, json={"errorCode": "coupon_not_found"})},
            "POST",
            "coupon_not_found",
        ),
        ({"/auth/session": httpx.Response(500)}, "GET /auth/session", "answered 500"),
    ],
    ids=["no status", "redeemed before", "unknown coupon", "broken route"],
)
def test_smoke_asks_every_route_in_order(
    session: BackendSession, answers: dict[str, httpx.Response], failed: str | None, words: str
) -> None:
    usual = {"/coupon/redeem": httpx.Response(200, json={"status": "redeemed"})} if answers else {}
    report = smoke_backend(session, WriteProbe(), transport=answer({**usual, **answers}))
    paths = ["/health", "/home/bootstrap", "/coupons/list", "/auth/session", "/coupon/redeem"]
    assert [route.path for route in report.routes] == paths
    assert report.passed == (failed is None)
    bad = [route for route in report.routes if not route.passed]
    assert [f"{route.method} {route.path}".startswith(failed or "-") for route in bad] == [True] * bool(failed)
    assert all(words in (route.error or "") for route in bad)


def test_smoke_without_a_backend_is_a_report(session: BackendSession) -> None:
    silent = httpx.MockTransport(lambda request: (_ for _ in ()).throw(httpx.ConnectError("refused")))
    report = smoke_backend(session, None, transport=silent)
    assert (len(report.routes), report.passed) == (4, False)
    assert "does not answer" in (report.routes[0].error or "")
    assert smoke_backend(undeployed(session), None).error == "there is no cell cell-1"


def test_seeding_stores_home_session_and_coupons(session: BackendSession, store: MemoryDataStore) -> None:
    report = seed_backend(session, now=NOON)
    assert (report.seeded, report.item_count, len(store.records)) == (True, 4, 4)


def test_seeding_tells_by_key_what_was_not_stored(session: BackendSession, store: MemoryDataStore) -> None:
    store.refuse = {"coupon-coupon-20"}
    report = seed_backend(session, now=NOON)
    assert (report.seeded, report.failed_keys) == (False, (("app", "coupon-coupon-20"),))
    assert "1 of 4 records were not stored" in (report.error or "")


@pytest.mark.parametrize(
    ("name", "body", "words"),
    [
        ("home_bootstrap.json", "[]", "home_bootstrap.json must hold a JSON object"),
        ("session.json", "{", "session.json is not JSON"),
        ("coupons_list.json", "{}", "coupons must be a list"),
        ("coupons_list.json", '{"coupons": [7]}', r"coupons\[0\] must be an object with an id"),
        ("coupons_list.json", '{"coupons": [{"id": " "}]}', r"coupons\[0\]"),
        ("coupons_list.json", '{"coupons": [{"id": "a/b"}]}', "slash"),
        ("coupons_list.json", '{"coupons": [{"id": "a"}, {"id": " a "}]}', "twice"),
        ("coupons_list.json", None, "does not exist"),
    ],
)
def test_data_files_that_do_not_fit_are_named(
    session: BackendSession, store: MemoryDataStore, name: str, body: str | None, words: str
) -> None:
    path = session.operator.data_folder / name
    path.unlink() if body is None else path.write_text(body)
    with pytest.raises(DocumentError, match=words):
        seed_backend(session, now=NOON)
    assert store.records == {}


def redemption(number: int, **more: Any) -> dict[str, Any]:
    return {"group": "redemptions", "name": f"r{number}", "couponId": "c", "userId": f"u{number}", **more}


def test_redemptions_are_filtered_and_newest_first(session: BackendSession, store: MemoryDataStore) -> None:
    store.write([redemption(n, createdAtUtc=f"2030-01-0{n}") for n in (2, 1, 3)])
    store.write(
        [{"group": "redemptions", "name": "old", "payload": {"couponId": "x", "redeemedAtUtc": "2030-01-09"}}]
    )

    found = find_redemptions(session, coupon_id=None, user_id=None, limit=2)
    assert (found.matched_count, found.returned_count) == (4, 2)
    assert [record["name"] for record in found.records] == ["old", "r3"]
    assert find_redemptions(session, coupon_id="x", user_id=None, limit=9).matched_count == 1
    assert find_redemptions(session, coupon_id="c", user_id="u2", limit=9).matched_count == 1
    assert find_redemptions(session, coupon_id="C", user_id=None, limit=9).matched_count == 0


def test_an_export_can_be_imported_elsewhere(
    session: BackendSession, store: MemoryDataStore, program: Path
) -> None:
    seed_backend(session, now=NOON)
    store.write([redemption(1, icon=b"\x00")])
    report = export_data(session, output=None, include_redemptions=True, now=NOON)
    path = Path(report.output_path or "")
    assert path == session.operator.backend_root / "exports" / "shop-prod-data-export-20300102T120000Z.json"
    assert (report.app_record_count, report.redemption_count, report.item_count) == (4, 1, 5)

    other = MemoryDataStore()
    target = open_session(program, other, "test")
    dry = import_data(target, path, include_redemptions=True, dry_run=True)
    assert (dry.succeeded, dry.imported, dry.item_count, other.records) == (True, False, 5, {})
    part = import_data(target, path, include_redemptions=False, dry_run=False)
    assert (part.imported, part.skipped_redemption_count, len(other.records)) == (True, 1, 4)
    import_data(target, path, include_redemptions=True, dry_run=False)
    assert other.records == store.records


def test_a_half_done_import_is_completed_by_repeating_it(
    session: BackendSession, store: MemoryDataStore, program: Path
) -> None:
    seed_backend(session, now=NOON)
    path = Path(export_data(session, output=None, include_redemptions=False, now=NOON).output_path or "")
    other = MemoryDataStore()
    other.refuse = {"home"}
    target = open_session(program, other, "test")
    report = import_data(target, path, include_redemptions=False, dry_run=False)
    assert (report.succeeded, report.imported, report.failed_keys) == (False, False, (("app", "home"),))
    other.refuse = set()
    assert import_data(target, path, include_redemptions=False, dry_run=False).succeeded
    assert other.records == store.records


class FailingStore(MemoryDataStore):
    """Takes so many records, then fails."""

    room = 1_200

    def write(self, records: Sequence[Record]) -> list[Leftover]:
        if len(self.records) + len(records) > self.room:
            raise MiniProgramError("the store burns")
        assert len(records) <= 500
        return super().write(records)


def test_an_import_that_stops_in_the_middle_goes_on_where_it_was(
    session: BackendSession, store: MemoryDataStore, program: Path
) -> None:
    store.write([redemption(number) for number in range(1_600)])
    path = Path(export_data(session, output=None, include_redemptions=True, now=NOON).output_path or "")
    other = FailingStore()
    target = open_session(program, other, "test")

    report = import_data(target, path, include_redemptions=True, dry_run=False)
    assert (report.succeeded, report.stored_count, report.next_skip) == (False, 1_000, 1_000)
    assert (report.failed_count, report.failed_keys) == (600, ())
    assert report.error == "1000 of 1600 records were stored (the store burns); go on with --skip 1000"

    other.room = 2_000
    assert len(other.records) == 1_000
    rest = import_data(target, path, include_redemptions=True, dry_run=False, skip=1_000)
    assert (rest.succeeded, rest.skip, rest.item_count, rest.stored_count) == (True, 1_000, 600, 600)
    assert other.records == store.records


def test_what_was_refused_before_the_stop_is_not_skipped(
    session: BackendSession, store: MemoryDataStore, program: Path
) -> None:
    store.write([redemption(number) for number in range(1_600)])
    path = Path(export_data(session, output=None, include_redemptions=True, now=NOON).output_path or "")
    other = FailingStore()
    other.refuse = {json.loads(path.read_bytes())["records"][700]["name"]}

    report = import_data(open_session(program, other, "test"), path, include_redemptions=True, dry_run=False)
    assert (report.next_skip, report.stored_count, len(report.failed_keys)) == (700, 999, 1)


def test_a_store_that_fails_at_once_is_an_error(session: BackendSession, store: MemoryDataStore) -> None:
    seed_backend(session, now=NOON)
    path = Path(export_data(session, output=None, include_redemptions=False, now=NOON).output_path or "")
    store.failing = "access denied"
    with pytest.raises(MiniProgramError, match="access denied"):
        import_data(session, path, include_redemptions=False, dry_run=False)


def test_more_entries_than_there_are_cannot_be_skipped(session: BackendSession) -> None:
    seed_backend(session, now=NOON)
    path = Path(export_data(session, output=None, include_redemptions=False, now=NOON).output_path or "")
    assert import_data(session, path, include_redemptions=False, dry_run=True, skip=3).item_count == 1
    with pytest.raises(DocumentError, match="has 4 records: there are none after 4"):
        import_data(session, path, include_redemptions=False, dry_run=True, skip=4)


class DroppingStore(MemoryDataStore):
    """Takes everything and keeps nothing; reads `size` redemptions that it makes as they are asked for."""

    size = 0

    def read(self, group: Group) -> Iterator[Record]:
        size = self.size if group == "redemptions" else 0
        return (redemption(number, note="x" * 1_000) for number in range(size))

    def write(self, records: Sequence[Record]) -> list[Leftover]:
        return []


def test_memory_does_not_grow_with_the_records(program: Path) -> None:
    def peaks(count: int) -> tuple[int, int]:
        store = DroppingStore()
        store.size = count
        session = open_session(program, store, "prod")
        found = []
        path = program / f"{count}.json"
        for work in (
            lambda: export_data(session, output=path, include_redemptions=True, now=NOON),
            lambda: import_data(session, path, include_redemptions=True, dry_run=False),
        ):
            tracemalloc.start()
            work()
            found.append(tracemalloc.get_traced_memory()[1])
            tracemalloc.stop()
        return found[0], found[1]

    peaks(10)  # modules are loaded
    few, many = peaks(1_000), peaks(4_000)  # 3 MB more of notes alone
    assert [large - small < 300_000 for small, large in zip(few, many, strict=True)] == [True, True], (few, many)


NO_DATA: dict[str, Callable[[BackendSession], Any]] = {
    "seed": lambda session: seed_backend(session, now=NOON).seeded,
    "data status": lambda session: data_status(session).available,
    "data export": lambda session: export_data(session, output=None, include_redemptions=True, now=NOON).exported,
    "data import": lambda session: (
        import_data(session, Path("x"), include_redemptions=True, dry_run=True).succeeded
    ),
    "data redemptions": lambda session: find_redemptions(session, coupon_id=None, user_id=None, limit=1).available,
}


@pytest.mark.parametrize("command", NO_DATA)
def test_without_a_store_every_data_command_reports_it(program: Path, command: str) -> None:
    session = open_session(program, None, "prod")
    assert NO_DATA[command](session) is False
    assert NO_DATA[command](undeployed(session)) is False


def test_data_status_tells_a_store_that_cannot_be_asked(session: BackendSession, store: MemoryDataStore) -> None:
    assert data_status(session).model_dump(by_alias=True)["memoryStatus"] == "ACTIVE"
    store.failing = "access denied"
    report = data_status(session)
    assert (report.available, report.error, report.app_record_count) == (False, "access denied", None)


def destroy(session: BackendSession, *, confirm: bool = False) -> Any:
    return destroy_backend(session, confirm_data_loss=confirm, progress=lambda line: None, now=NOON)


@pytest.mark.parametrize("kind", ["records", "foreign", "failing"])
def test_records_stop_a_destroy(session: BackendSession, store: MemoryDataStore, program: Path, kind: str) -> None:
    deploy(session)
    if kind == "records":
        seed_backend(session, now=NOON)
    store.foreign = 3 if kind == "foreign" else 0
    store.failing = "access denied" if kind == "failing" else ""

    report = destroy(session)

    assert (report.deleted, report.blocked_by_data) == (False, True)
    assert "--confirm-data-loss" in report.error
    assert session.operator.state().exists
    assert state_file(program).exists()


def test_a_confirmed_destroy_takes_the_records_along(session: BackendSession, store: MemoryDataStore) -> None:
    seed_backend(session, now=NOON)
    report = destroy(session, confirm=True)
    assert (report.deleted, report.data_removed, report.record_count) == (True, True, 4)
    assert store.removed


def test_a_store_that_filled_up_meanwhile_is_kept(session: BackendSession, store: MemoryDataStore) -> None:
    def last_redemption(line: str) -> None:
        store.foreign = 1

    report = destroy_backend(session, confirm_data_loss=False, progress=last_redemption, now=NOON)
    assert (report.deleted, report.data_removed, store.removed) == (True, False, False)


def test_destroying_what_is_gone_forgets_it(session: BackendSession, program: Path) -> None:
    deploy(session)
    report = destroy(undeployed(session))
    assert (report.deleted, report.blocked_by_data, report.error) == (False, False, "there is no cell cell-1")
    assert not state_file(program).exists()
