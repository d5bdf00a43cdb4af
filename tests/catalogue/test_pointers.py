from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime

import pytest

from miniprogram.catalogue.apps import app_info, list_apps
from miniprogram.catalogue.delete import delete_program, plan_delete
from miniprogram.catalogue.disable import disable, enable
from miniprogram.catalogue.rollback import check_version, rollback
from miniprogram.delivery.documents.kinds import CATALOG_POINTER, ENVIRONMENT_COPY, RELEASE_RECORD
from miniprogram.delivery.documents.layouts.layout import CloudLayout
from miniprogram.documents.json_documents import change_document, read_document
from miniprogram.environments.session import CloudSession, storage_of
from miniprogram.errors import DocumentError, MiniProgramError, StoreError, UsageError
from miniprogram.identity.command_context import CommandContext
from miniprogram.identity.roles import store_owner
from miniprogram.keys.key_text import generate_key
from miniprogram.keys.lifecycle import create_key
from miniprogram.keys.listing import policy_location
from miniprogram.publish.environment_target import cloud_location
from miniprogram.seams.object_store import ObjectStore
from miniprogram.testing import NOON, FaultyStore

Publish = Callable[..., None]
MakeSession = Callable[..., CloudSession]


def served(session: CloudSession, program_id: str = "shop") -> str | None:
    catalog = read_document(session.store, session.keys.catalog_pointer_key(program_id))
    return None if catalog is None else str(catalog["latestVersion"])


def test_everybody_means_the_same_keys(session: CloudSession) -> None:
    keys, layout = session.keys, CloudLayout("pre/artifacts", "pre/metadata")

    assert keys.metadata_prefix == layout.keys.metadata_prefix == "pre/metadata"
    assert keys.artifacts_prefix == layout.keys.artifacts_prefix == "pre/artifacts"
    assert cloud_location(session).keys.catalog_pointer_key("shop") == layout.pointer_key("shop")
    assert storage_of(session).keys.environment_document_key == keys.environment_document_key


class TestRollback:
    def test_it_moves_the_pointer_and_keeps_the_rest(
        self, session: CloudSession, publish: Publish, noon: datetime
    ) -> None:
        publish(session, "shop", "1.0.0", "1.1.0")
        key = session.keys.catalog_pointer_key("shop")
        change_document(session.store, CATALOG_POINTER, key, lambda found: {**(found or {}), "note": "mine"})

        report = rollback(storage_of(session), "shop", "1.0.0", now=noon)

        assert (report.previous_version, report.version) == ("1.1.0", "1.0.0")
        catalog = read_document(session.store, key)
        assert catalog is not None
        assert (catalog["latestVersion"], catalog["note"]) == ("1.0.0", "mine")
        assert catalog["releaseKey"] == "pre/metadata/releases/shop/1.0.0.json"

    def test_it_goes_forward_again(self, session: CloudSession, publish: Publish, noon: datetime) -> None:
        publish(session, "shop", "1.0.0", "1.1.0")
        rollback(storage_of(session), "shop", "1.0.0", now=noon)

        rollback(storage_of(session), "shop", "1.1.0", now=noon)

        assert served(session) == "1.1.0"

    @pytest.mark.parametrize("wanted", [("shop", "9.0.0"), ("news", "1.0.0")], ids=["version", "program"])
    def test_what_was_never_published_is_refused(
        self, session: CloudSession, publish: Publish, noon: datetime, wanted: tuple[str, str]
    ) -> None:
        publish(session, "shop", "1.0.0")

        with pytest.raises(MiniProgramError, match=f"{wanted[0]} {wanted[1]} was never published"):
            rollback(storage_of(session), *wanted, now=noon)

        assert served(session) == "1.0.0"

    def test_a_half_written_release_is_refused(
        self, session: CloudSession, publish: Publish, noon: datetime
    ) -> None:
        publish(session, "shop", "1.0.0")
        claim = {"schemaVersion": 1, "miniProgramId": "shop", "version": "1.1.0", "unfinished": True}
        change_document(
            session.store, RELEASE_RECORD, session.keys.release_record_key("shop", "1.1.0"), lambda _: claim
        )

        with pytest.raises(MiniProgramError, match="never published whole"):
            rollback(storage_of(session), "shop", "1.1.0", now=noon)

    def test_a_release_that_lost_its_files_is_refused(
        self, session: CloudSession, publish: Publish, noon: datetime
    ) -> None:
        publish(session, "shop", "1.0.0", "1.1.0")
        session.store.delete("pre/artifacts/shop/1.0.0/manifest.json")

        with pytest.raises(MiniProgramError, match=r"manifest\.json is gone"):
            rollback(storage_of(session), "shop", "1.0.0", now=noon)

    def test_a_disabled_program_says_how_to_go_on(
        self, session: CloudSession, publish: Publish, noon: datetime
    ) -> None:
        publish(session, "shop", "1.0.0")
        disable(session, "shop", now=noon)

        with pytest.raises(MiniProgramError, match="shop is disabled in dev") as failure:
            rollback(storage_of(session), "shop", "1.0.0", now=noon)

        assert "cloud app enable shop" in (failure.value.hint or "")

    @pytest.mark.parametrize("text", ["", "1", "1.0", "v1.0.0", "1.0.0/..", "latest"])
    def test_only_semantic_versions_are_versions(self, text: str) -> None:
        with pytest.raises(UsageError):
            check_version(text)

    def test_eight_at_once_leave_one_whole_pointer(
        self, session: CloudSession, publish: Publish, noon: datetime
    ) -> None:
        versions = [f"1.0.{patch}" for patch in range(8)]
        publish(session, "shop", *versions)

        with ThreadPoolExecutor(8) as pool:
            list(pool.map(lambda version: rollback(storage_of(session), "shop", version, now=noon), versions))

        catalog = read_document(session.store, session.keys.catalog_pointer_key("shop"))
        assert catalog is not None
        assert catalog["releaseKey"] == session.keys.release_record_key("shop", catalog["latestVersion"])


class TestDisable:
    def test_the_pointer_is_archived_and_gone(
        self, session: CloudSession, publish: Publish, noon: datetime
    ) -> None:
        publish(session, "shop", "1.0.0")
        before = read_document(session.store, session.keys.catalog_pointer_key("shop"))

        disable(session, "shop", now=noon)

        assert served(session) is None
        assert read_document(session.store, "pre/metadata/disabled/shop.json") == {
            **(before or {}),
            "disabledAtUtc": "2030-01-02T12:00:00.123Z",
            "disabledBy": "mini_program_tooling",
        }

    def test_enabling_puts_it_back(self, session: CloudSession, publish: Publish, noon: datetime) -> None:
        publish(session, "shop", "1.0.0")
        before = read_document(session.store, session.keys.catalog_pointer_key("shop"))
        disable(session, "shop", now=noon)

        assert enable(session, "shop", now=noon) == "1.0.0"

        after = read_document(session.store, session.keys.catalog_pointer_key("shop"))
        assert after == {**(before or {}), "updatedAtUtc": "2030-01-02T12:00:00.123Z"}
        assert read_document(session.store, session.keys.disabled_pointer_key("shop")) is None

    def test_enabling_leaves_what_was_published_since(
        self, session: CloudSession, publish: Publish, noon: datetime
    ) -> None:
        publish(session, "shop", "1.0.0")
        disable(session, "shop", now=noon)
        publish(session, "shop", "2.0.0")

        assert enable(session, "shop", now=noon) == "2.0.0"

    @pytest.mark.parametrize("change", [disable, enable], ids=["disable", "enable"])
    def test_what_is_not_there_cannot_change(
        self, session: CloudSession, noon: datetime, change: Callable[..., object]
    ) -> None:
        with pytest.raises(MiniProgramError, match="shop has no active version in dev"):
            change(session, "shop", now=noon)

    def test_a_publish_meanwhile_is_archived_too(
        self, session: CloudSession, publish: Publish, noon: datetime
    ) -> None:
        """The pointer that goes is the one that was archived, never another."""
        publish(session, "shop", "1.0.0", "1.1.0")

        with ThreadPoolExecutor(2) as pool:
            moving = pool.submit(rollback, session, "shop", "1.0.0", now=noon)
            disabling = pool.submit(disable, session, "shop", now=noon)
            disabling.result()
            failure = moving.exception()

        archived = read_document(session.store, session.keys.disabled_pointer_key("shop"))
        assert archived is not None
        assert archived["latestVersion"] == ("1.1.0" if failure else "1.0.0")


ENVIRONMENT_TRAIL = "pre/metadata/audit/~environment/"


def removed(session: CloudSession) -> list[str]:
    """The keys that deleting `shop` removed."""
    context = CommandContext(storage_of(session), store_owner("ann"), NOON)
    return list(delete_program(context, "shop").removed)


class TestDelete:
    def test_it_takes_everything_of_one_program_and_nothing_else(
        self, session: CloudSession, publish: Publish, noon: datetime
    ) -> None:
        publish(session, "shop", "1.0.0", "1.1.0")
        publish(session, "shop2", "1.0.0")
        create_key(policy_location(session, "shop"), "a", generate_key(), now=noon)
        others = {info.key for info in session.store.list("") if "shop2" in info.key}
        planned = plan_delete(storage_of(session), "shop")

        assert removed(session) == planned == sorted(planned)

        left = {info.key for info in session.store.list("")}
        keys = session.keys
        last_good = keys.key(ENVIRONMENT_COPY)
        environment = {keys.environment_document_key, keys.program_index_key, last_good}
        assert left == others | environment | {f"{ENVIRONMENT_TRAIL}000000000001.json"}
        assert removed(session) == sorted(
            f"pre/metadata/{kind}/shop.json" for kind in ("access_keys", "catalog", "disabled")
        )

    def test_the_pointer_goes_first_and_the_keys_after_the_files(
        self, make_session: MakeSession, publish: Publish, noon: datetime
    ) -> None:
        store = FaultyStore()
        session = make_session(store)
        publish(session, "shop", "1.0.0")
        create_key(policy_location(session, "shop"), "a", generate_key(), now=noon)
        disable(session, "shop", now=noon)
        enable(session, "shop", now=noon)
        before = len(store.writes)

        removed(session)

        keys = session.keys
        about_environment = (keys.environment_document_key, keys.program_index_key, ENVIRONMENT_TRAIL)
        order = [key for key in store.writes[before:] if not key.startswith(about_environment)]
        assert order[0] == session.keys.catalog_pointer_key("shop")
        files = [index for index, key in enumerate(order) if "/artifacts/" in key or "/releases/" in key]
        assert max(files) < order.index(session.keys.access_keys_key("shop"))
        assert order[-1] == session.keys.disabled_pointer_key("shop")

    def test_an_interrupted_delete_serves_nothing_and_can_go_on(
        self, make_session: MakeSession, publish: Publish
    ) -> None:
        whole = make_session(FaultyStore())
        publish(whole, "shop", "1.0.0")
        torn = make_session(FaultyStore(whole.store, fail_at=3))

        with pytest.raises(StoreError):
            removed(torn)

        assert served(whole) is None
        removed(whole)
        assert [info.key for info in whole.store.list("") if "shop" in info.key] == []


class TestApps:
    def test_apps_are_listed_by_id_with_the_disabled_ones_apart(
        self, session: CloudSession, publish: Publish, noon: datetime
    ) -> None:
        for program in ("shop", "news", "old"):
            publish(session, program, "1.0.0")
        disable(session, "old", now=noon)
        session.store.put(session.keys.catalog_pointer_key("broken"), b"{")
        session.store.put(f"{session.keys.folder(CATALOG_POINTER)}deeper/x.json", b"{}")

        report = list_apps(session)

        assert [(app.mini_program_id, app.latest_version) for app in report.apps] == [
            ("broken", None),
            ("news", "1.0.0"),
            ("shop", "1.0.0"),
        ]
        assert report.disabled_ids == ("old",)

    def test_info_counts_keys_and_dates_the_release(
        self, session: CloudSession, publish: Publish, noon: datetime
    ) -> None:
        publish(session, "shop", "1.0.0")
        create_key(policy_location(session, "shop"), "a", generate_key(), now=noon)

        document = app_info(session, "shop").model_dump(mode="json", by_alias=True)

        assert document == {
            "schemaVersion": 1,
            "command": "cloud app info",
            "provider": "fake",
            "environmentName": "dev",
            "miniProgramId": "shop",
            "bucketName": "bucket",
            "region": "eu-west-1",
            "catalogKey": "pre/metadata/catalog/shop.json",
            "latestVersion": "1.0.0",
            "updatedAtUtc": "2030-01-02T12:00:00.123Z",
            "releaseKey": "pre/metadata/releases/shop/1.0.0.json",
            "publishedAtUtc": "2030-01-02T12:00:00.123Z",
            "accessPolicyKey": "pre/metadata/access_keys/shop.json",
            "accessKeysRequired": False,
            "accessKeyCount": 1,
            "activeAccessKeyCount": 1,
        }

    def test_a_broken_release_record_does_not_hide_the_rest(self, session: CloudSession, publish: Publish) -> None:
        publish(session, "shop", "1.0.0")
        session.store.put(session.keys.release_record_key("shop", "1.0.0"), b"[")

        assert app_info(session, "shop").published_at_utc is None

    def test_a_broken_pointer_is_named(self, session: CloudSession) -> None:
        session.store.put(session.keys.catalog_pointer_key("shop"), b"[]")

        with pytest.raises(DocumentError, match=r"pre/metadata/catalog/shop\.json"):
            app_info(session, "shop")


def test_eight_writers_of_one_document_lose_nothing(store: ObjectStore) -> None:
    def work(number: int) -> None:
        for _ in range(4):
            change_document(
                store,
                CATALOG_POINTER,
                "k.json",
                lambda found: {**(found or {}), f"w{number}": _next(found, number)},
            )

    def _next(found: dict[str, int] | None, number: int) -> int:
        return (found or {}).get(f"w{number}", 0) + 1

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(work, range(8)))

    assert read_document(store, "k.json") == {f"w{number}": 4 for number in range(8)}
