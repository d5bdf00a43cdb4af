"""What runs on Cloud Run by itself: the bucket it reads, the account it is, and what travels with it."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

import miniprogram.delivery
from miniprogram.delivery.documents.remote_source import RemoteObjects
from miniprogram.delivery.evaluation.errors import SourceUnavailable
from miniprogram.testing.remote_objects import PLENTY, RemoteObjectsContract
from miniprogram_gcp.function.gcs_objects import GcsObjects, open_storage
from miniprogram_gcp.function.google_http import AccountToken, GoogleHttp
from miniprogram_gcp.run.program import MAIN, PackagedProgram, run_files
from testbed.google.server import Call, GoogleStandIn, Reply, document, refusal
from testbed.google.small_services import MetadataService

HERE = f"python3{sys.version_info[1]}"
ELSEWHERE = "python314" if sys.version_info[1] != 14 else "python313"


class TestGcsObjects(RemoteObjectsContract):
    @pytest.fixture(autouse=True)
    def _bucket(self, place: Any) -> Iterator[None]:
        self.store = place.store()
        with closing(GcsObjects(open_storage({"STORAGE_EMULATOR_HOST": place.url}), place.bucket)) as self.objects:
            yield

    def make_objects(self) -> RemoteObjects:
        return self.objects

    def put(self, key: str, body: bytes) -> None:
        self.store.put(key, body)

    def make_unreachable(self) -> RemoteObjects:
        return GcsObjects(open_storage({"STORAGE_EMULATOR_HOST": "127.0.0.1:9"}), "programs")


def test_a_missing_bucket_is_no_missing_object(free_place: Any) -> None:
    objects = GcsObjects(open_storage({"STORAGE_EMULATOR_HOST": free_place.url}), free_place.bucket)

    with closing(objects), pytest.raises(SourceUnavailable, match=r"storage.objects.list: HTTP 404"):
        objects.fetch("a.json", known=None, max_bytes=PLENTY)


class SignedStorage:
    """Cloud Storage as far as signing in and conditions go: fake-gcs-server heeds neither."""

    prefixes = ("/storage/v1/",)

    def __init__(self, metadata: MetadataService) -> None:
        self._metadata = metadata
        self.answers: list[Reply] = []
        """Given first, one after another."""

    def answer(self, call: Call) -> Reply:
        if self.answers:
            return self.answers.pop(0)
        if call.headers.get("authorization") != f"Bearer {self._metadata.token}":
            return refusal(401, "Invalid Credentials")
        if call.query.get("ifGenerationNotMatch") == "7":
            return Reply(304)
        if call.path.endswith("/o"):
            return document({"items": [{"name": "a/b.json"}], "prefixes": ["a/c/"]})
        return Reply(200, b"{}", {"x-goog-generation": "7"})


class Signed:
    """The bucket `programs` as an instance of Cloud Run reads it."""

    def __init__(self, stand_in: GoogleStandIn) -> None:
        self.metadata = MetadataService()
        self.storage = SignedStorage(self.metadata)
        stand_in.services += [self.metadata, self.storage]
        host = stand_in.address.removeprefix("http://")
        self.objects = GcsObjects(
            GoogleHttp(stand_in.address, AccountToken({"GCE_METADATA_HOST": host})), "programs"
        )


@pytest.fixture
def signed() -> Iterator[Signed]:
    with GoogleStandIn().running() as stand_in:
        signed = Signed(stand_in)
        with closing(signed.objects):
            yield signed


def test_an_instance_reads_as_its_account_and_asks_for_its_token_once(signed: Signed) -> None:
    for _ in range(3):
        found = signed.objects.fetch("a/b.json", known=None, max_bytes=PLENTY)
        assert found == ("7", b"{}")
    assert signed.objects.fetch("a/b.json", known="7", max_bytes=PLENTY) == ("7", None)
    assert signed.objects.names("a/") == ["a/b.json", "a/c/"]
    assert signed.metadata.asked == 1


def test_a_token_that_is_refused_is_renewed_once(signed: Signed) -> None:
    signed.objects.fetch("a/b.json", known=None, max_bytes=PLENTY)
    signed.metadata.token = "another"

    assert signed.objects.fetch("a/b.json", known=None, max_bytes=PLENTY) == ("7", b"{}")
    assert signed.metadata.asked == 2


def test_a_token_near_its_end_is_renewed_before_it_is_refused(signed: Signed) -> None:
    signed.metadata.lasts_s = 30

    for _ in range(2):
        signed.objects.fetch("a/b.json", known=None, max_bytes=PLENTY)

    assert signed.metadata.asked == 2


def test_what_passes_is_tried_again_and_what_stays_is_told(signed: Signed) -> None:
    signed.storage.answers = [refusal(503, "busy")]
    assert signed.objects.fetch("a/b.json", known=None, max_bytes=PLENTY) == ("7", b"{}")

    signed.storage.answers = [refusal(429, "slow down"), refusal(429, "slow down")]
    with pytest.raises(SourceUnavailable, match=r"storage.objects.get of a/b.json: HTTP 429"):
        signed.objects.fetch("a/b.json", known=None, max_bytes=PLENTY)


@pytest.mark.parametrize("status", [401, 403, 500])
def test_a_refusal_is_told_by_its_status_alone(status: int, signed: Signed) -> None:
    signed.storage.answers = [refusal(status, "robot@x in 123456789012")] * 2

    with pytest.raises(SourceUnavailable) as failure:
        signed.objects.fetch("a/b.json", known=None, max_bytes=PLENTY)

    assert str(failure.value) == f"storage.objects.get of a/b.json: HTTP {status}"


def test_without_an_account_nothing_is_read(signed: Signed) -> None:
    del signed
    token = AccountToken({"GCE_METADATA_HOST": "127.0.0.1:9"})
    objects = GcsObjects(GoogleHttp("http://127.0.0.1:9", token), "programs")

    with pytest.raises(SourceUnavailable, match=r"storage.objects.get of a: ConnectionRefusedError"):
        objects.fetch("a", known=None, max_bytes=PLENTY)


def program() -> PackagedProgram:
    return PackagedProgram({"ARTIFACT_BUCKET_NAME": "programs"})


def test_the_whole_engine_travels_and_nothing_else() -> None:
    engine = Path(miniprogram.delivery.__path__[0])
    expected = {f"miniprogram/delivery/{path.relative_to(engine).as_posix()}" for path in engine.rglob("*.py")}
    own = {
        f"miniprogram_gcp/function/{name}.py"
        for name in ("__init__", "framework", "gcs_objects", "google_http", "server")
    }

    files = run_files(program(), ELSEWHERE)

    assert set(files.files) == expected | own | {MAIN, "miniprogram/__init__.py", "miniprogram_gcp/__init__.py"}


def test_the_digest_is_of_what_travels_and_of_where_it_runs() -> None:
    first = run_files(program(), ELSEWHERE)

    assert run_files(program(), ELSEWHERE).digest == first.digest
    assert run_files(program(), HERE).digest != first.digest
    assert any(path.endswith(".pyc") for path in run_files(program(), HERE).files)


START = """
import sys, threading
sys.path.insert(0, {folder!r})
from miniprogram.delivery.http.messages import Request
from miniprogram_gcp.function.server import open_function, open_objects
environ = {{"ARTIFACT_BUCKET_NAME": "programs", "STORAGE_EMULATOR_HOST": "127.0.0.1:9"}}
answer = open_function(environ, open_objects(environ)).answer(Request("GET", "/health"))
import json
print(json.dumps([answer.status, sorted({{name.partition(".")[0] for name in sys.modules}})]), file=sys.stderr)
"""


def test_it_starts_with_the_standard_library_alone_and_without_what_is_slow(tmp_path: Path) -> None:
    for path, content in run_files(program(), HERE).files.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_bytes(content)

    done = subprocess.run(
        [sys.executable, "-I", "-S", "-c", START.format(folder=str(tmp_path))],
        capture_output=True,
        text=True,
        timeout=60,
    )

    assert done.returncode == 0, done.stderr
    status, modules = json.loads(done.stderr.splitlines()[-1])
    assert status == 200
    assert {"http", "ssl", "email", "socketserver", "urllib", "random", "pydantic"} & set(modules) == set()
