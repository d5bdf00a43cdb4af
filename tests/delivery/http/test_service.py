"""What the table cannot say: caching, encodings, live edits, failures, many threads."""

from __future__ import annotations

import gzip
import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from delivery.conftest import Server, settle
from miniprogram.delivery.documents.profile import cloud_profile, cloud_profile_from, local_profile
from miniprogram.delivery.documents.sources import FolderSource
from miniprogram.delivery.evaluation.errors import SourceUnavailable
from miniprogram.delivery.http.messages import Request, Response
from miniprogram.delivery.http.service import DeliveryService

MANIFEST = {"id": "demo", "version": "1.0.0", "entry": "home", "requiredCapabilities": []}
LATEST = "/api/manifests/demo/latest?hostApp=h&hostVersion=1.2.0&sdkVersion=1.0.0&capabilities=auth"


def publish(server: Server, version: str = "1.0.0", **members: Any) -> None:
    manifest = {**MANIFEST, "version": version, **members}
    server.write("manifests/demo/latest.json", manifest)
    server.write(f"manifests/demo/versions/{version}.json", manifest)
    server.write(f"screens/demo/{version}/home.json", {"type": "text", "data": "x" * 2000})


def headers(response: Response) -> dict[str, str]:
    return dict(response.headers)


def body(response: Response) -> Any:
    return json.loads(response.body)


@pytest.mark.parametrize("has_rules", [False, True])
def test_warm_answers_read_nothing(local: Server, has_rules: bool) -> None:
    publish(local)
    if has_rules:
        local.write("rollout-rules/demo.json", {"defaultVersion": "1.0.0", "rules": [{"version": "1.0.0"}]})
    settle(local.folder)
    targets = [
        LATEST,
        "/api/discovery/mini-programs",
        "/api/screens/demo/1.0.0/home",
        "/api/debug/manifests/demo/decision",
    ]
    for target in targets:
        local.get(target)
    local.source.reads = local.source.lists = 0

    assert [local.get(target).status for target in targets] == [200, 200, 200, 200]
    assert (local.source.reads, local.source.lists) == (0, 0)


def test_a_warm_remote_answer_asks_nothing(tmp_path: Path) -> None:
    server = Server(tmp_path, local_profile(), max_staleness_s=60)
    publish(server)
    server.get(LATEST)
    before = (server.source.reads, server.source.markers)

    assert server.get(LATEST).status == 200
    assert (server.source.reads, server.source.markers) == before


def test_edits_are_live_at_the_next_request(local: Server) -> None:
    assert local.get(LATEST).status == 404
    publish(local, "1.0.0")
    assert body(local.get(LATEST))["version"] == "1.0.0"
    publish(local, "1.1.0")
    assert body(local.get(LATEST))["version"] == "1.1.0"
    local.write("rollout-rules/demo.json", {"defaultVersion": "1.0.0"})
    assert body(local.get(LATEST))["version"] == "1.0.0"
    local.write("manifests/demo/versions/1.0.0.json", {**MANIFEST, "entry": "other"})
    assert body(local.get(LATEST))["entry"] == "other"
    local.write("access_keys/demo.json", {"keys": ["k"]})
    assert local.get(LATEST).status == 401
    assert local.get(LATEST, x_mini_program_access_key="k").status == 200
    (local.folder / "access_keys" / "demo.json").unlink()
    (local.folder / "rollout-rules" / "demo.json").unlink()
    assert body(local.get(LATEST))["version"] == "1.1.0"


def test_new_programs_appear_in_discovery(local: Server) -> None:
    first = local.get("/api/discovery/mini-programs")
    assert (body(first)["entries"], "x-mini-program-catalog-count" in headers(first)) == ([], False)
    (local.folder / "manifests" / "demo").mkdir(parents=True)
    assert headers(local.get("/api/discovery/mini-programs"))["x-mini-program-catalog-count"] == "0"
    publish(local)
    assert [entry["id"] for entry in body(local.get("/api/discovery/mini-programs"))["entries"]] == ["demo"]


def test_discovery_prefers_the_authors_title(local: Server) -> None:
    publish(local, title="Coupons & more")

    (entry,) = body(local.get("/api/discovery/mini-programs"))["entries"]

    assert (entry["title"], "Coupons & more" in entry["description"]) == ("Coupons & more", True)


def test_a_linked_program_folder_is_not_listed(local: Server) -> None:
    publish(local)
    (local.folder / "manifests" / "twin").symlink_to(local.folder / "manifests" / "demo")

    assert body(local.get("/api/discovery/mini-programs"))["entryCount"] == 1


def test_stored_files_come_compressed_when_asked(local: Server) -> None:
    publish(local)
    plain = local.get("/api/screens/demo/1.0.0/home")
    zipped = local.get(
        "/api/screens/demo/1.0.0/home", accept_encoding="br;q=1, gzip;q=0.5", origin="https://a.example"
    )

    assert gzip.decompress(zipped.body) == plain.body
    assert headers(zipped)["content-encoding"] == "gzip"
    assert headers(zipped)["vary"].startswith("Accept-Encoding, Origin, ")
    assert headers(plain)["vary"] == "Accept-Encoding"
    assert headers(zipped)["etag"] != headers(plain)["etag"]
    for refused in ("gzip;q=0", "identity", "", "*;q=0", "gzip;q=x"):
        assert "content-encoding" not in headers(
            local.get("/api/screens/demo/1.0.0/home", accept_encoding=refused)
        )


def test_long_decisions_come_compressed_too(local: Server) -> None:
    publish(local)
    rules = [
        {"id": f"rule-{number}", "hostApp": "h", "platform": "p", "version": "1.0.0"} for number in range(500)
    ]
    local.write("rollout-rules/demo.json", {"defaultVersion": "1.0.0", "rules": [*rules, {"version": "1.0.0"}]})
    plain = local.get(LATEST, x_request_id="t")
    zipped = local.get(LATEST, x_request_id="t", accept_encoding="gzip")

    assert gzip.decompress(zipped.body) == plain.body
    assert len(zipped.body) < len(plain.body) / 3
    assert headers(zipped)["vary"] == "Accept-Encoding"


@pytest.mark.parametrize("target", [LATEST, "/api/discovery/mini-programs", "/api/screens/demo/1.0.0/home"])
def test_304_only_when_asked_and_unchanged(local: Server, target: str) -> None:
    publish(local)
    etag = headers(local.get(target))["etag"]

    unchanged = local.get(target, if_none_match=f'"x", {etag}')
    assert (unchanged.status, unchanged.body) == (304, b"")
    assert headers(unchanged)["etag"] == etag
    assert "access-control-allow-origin" in headers(unchanged)
    assert local.get(target).status == 200

    publish(local, entry="changed")
    local.write("screens/demo/1.0.0/home.json", {"type": "changed"})
    assert local.get(target, if_none_match=etag).status == 200


def test_the_tag_of_a_decision_depends_on_the_context(local: Server) -> None:
    publish(local)
    assert headers(local.get(LATEST))["etag"] != headers(local.get(LATEST + "&locale=de"))["etag"]


def test_conditional_requests_do_not_get_round_the_key(local: Server) -> None:
    publish(local)
    etag = headers(local.get(LATEST))["etag"]
    local.write("access_keys/demo.json", {"keys": ["k"]})

    assert local.get(LATEST, if_none_match=etag).status == 401
    assert local.get("/api/screens/demo/1.0.0/home", if_none_match="*").status == 401


def test_versions_need_not_be_immutable(tmp_path: Path) -> None:
    server = Server(tmp_path, local_profile(versions_are_immutable=False))
    publish(server)

    assert headers(server.get("/api/screens/demo/1.0.0/home"))["cache-control"] == "no-cache"


def test_stored_text_cannot_break_headers(local: Server) -> None:
    publish(local)
    rule = {"id": "a\r\nset-cookie: x=1 é", "version": "1.0.0"}
    local.write("rollout-rules/demo.json", {"defaultVersion": "1.0.0", "rules": [rule]})

    response = local.get(LATEST)

    assert headers(response)["x-mini-program-matched-rule-id"] == "a%0D%0Aset-cookie: x=1 %C3%A9"
    assert body(response)["deliveryMetadata"]["matchedRuleId"] == "a\r\nset-cookie: x=1 é"


def test_a_store_out_of_reach_lets_hosts_fall_back(local: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_key: str) -> object:
        raise SourceUnavailable("bucket secret-name is out of reach")

    monkeypatch.setattr(local.source, "marker", fail)

    for target in (LATEST, "/api/screens/demo/1.0.0/home", "/api/discovery/mini-programs", "/api/assets/a/1/b"):
        response = local.get(target, x_request_id="t1")
        assert (response.status, body(response)["errorCode"]) == (503, "backend_unreachable")
        assert b"secret-name" not in response.body
    assert all("out of reach" in str(error) for error in local.failures)


def test_an_unforeseen_failure_is_an_envelope_without_internals(
    local: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_key: str) -> object:
        raise RuntimeError("password=hunter2")

    monkeypatch.setattr(local.source, "marker", fail)

    response = local.get(LATEST, x_request_id="t1")

    assert (response.status, body(response)["errorCode"], body(response)["traceId"]) == (
        500,
        "internal_error",
        "t1",
    )
    assert headers(response)["x-backend-trace-id"] == "t1"
    assert headers(response)["access-control-allow-origin"] == "*"
    assert b"hunter2" not in response.body
    assert [str(error) for error in local.failures] == ["password=hunter2"]


def test_failures_go_to_stderr_by_default(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    server = Server(tmp_path, local_profile(), report=None)

    def fail(_key: str) -> object:
        raise RuntimeError("what happened")

    monkeypatch.setattr(server.source, "marker", fail)
    server.get(LATEST, x_request_id="t1")

    out, err = capsys.readouterr()
    assert (out, "t1" in err, "what happened" in err) == ("", True, True)


def test_a_file_too_large_to_serve_is_a_structured_500(local: Server) -> None:
    local.write("assets/demo/1.0.0/huge.bin", b"")
    with (local.folder / "assets/demo/1.0.0/huge.bin").open("wb") as stream:
        stream.truncate(33 * 1024 * 1024)

    response = local.get("/api/assets/demo/1.0.0/huge.bin")

    assert (response.status, body(response)["errorCode"]) == (500, "invalid_backend_json")


def test_feedback_bodies_are_bounded(local: Server) -> None:
    policy = {"endpoint": "feedback/submit", "allowedHosts": ["h"], "allowedSources": ["s"]}
    local.write("secure-api-policies/feedback_submit.json", policy)
    names = {"x-host-app": "h", "x-host-version": "1", "x-host-user-id": "u", "authorization": "Bearer t"}
    payload = json.dumps({"source": "s", "message": "x" * 70_000}).encode()

    response = local.service.handle(Request("POST", "/api/secure/feedback/submit", "", names, payload))

    assert (response.status, body(response)["errorCode"]) == (400, "secure_api_invalid_payload")


def test_feedback_previews_count_utf16_units(local: Server) -> None:
    policy = {"endpoint": "feedback/submit", "allowedHosts": ["h"], "allowedSources": ["s"]}
    local.write("secure-api-policies/feedback_submit.json", policy)
    names = {"x-host-app": "h", "x-host-version": "1", "x-host-user-id": "u", "authorization": "Bearer t"}
    payload = json.dumps({"source": "s", "message": "🙂" * 60}).encode()

    response = local.service.handle(Request("POST", "/api/secure/feedback/submit", "", names, payload))

    assert body(response)["result"]["messagePreview"] == "🙂" * 40


def test_the_engine_alone_takes_no_posts_and_a_cloud_server_never_does(tmp_path: Path) -> None:
    post = Request("POST", "/api/secure/feedback/submit")
    alone = Server(tmp_path, local_profile(), post_routes=())
    cloud = Server(tmp_path, cloud_profile())

    assert [server.service.handle(post).status for server in (alone, cloud)] == [405, 501]


@pytest.mark.parametrize(
    "policy", [None, [], {"allowedHosts": ["h"]}, {"endpoint": "e", "minimumMessageLength": "x"}]
)
def test_a_missing_or_broken_feedback_policy_is_a_structured_500(local: Server, policy: Any) -> None:
    if policy is not None:
        local.write("secure-api-policies/feedback_submit.json", policy)

    response = local.service.handle(Request("POST", "/api/secure/feedback/submit"))

    assert (response.status, body(response)["responseType"]) == (500, "secure_api_error")
    assert body(response)["endpoint"] == "feedback/submit"


def test_cloud_settings_come_from_the_environment(tmp_path: Path) -> None:
    environ = {"ARTIFACTS_PREFIX": " /a\\b/ ", "METADATA_PREFIX": "m", "REQUIRE_MINI_PROGRAM_ACCESS_KEYS": " Yes "}
    server = Server(tmp_path, cloud_profile_from(environ))
    server.write("m/access_keys/demo.json", {"keys": ["k"]})
    server.write("m/catalog/demo.json", {"releaseKey": "m/r.json", "latestVersion": "1.0.0"})
    server.write("m/r.json", {"artifacts": {"manifestKey": "a/b/demo/1.0.0/manifest.json"}})
    server.write("a/b/demo/1.0.0/manifest.json", MANIFEST)

    assert server.get(LATEST, x_mini_program_access_key="k").status == 200
    assert server.get("/api/manifests/other/latest").status == 403
    with pytest.raises(ValueError, match="metadata_prefix"):
        cloud_profile(metadata_prefix=" / ")


def test_a_pointer_to_another_kind_of_document_is_broken_not_a_crash(cloud: Server) -> None:
    cloud.write(
        "metadata/catalog/demo.json", {"releaseKey": "metadata/catalog/demo.json", "latestVersion": "1.0.0"}
    )

    response = cloud.get(LATEST)

    assert (response.status, body(response)["errorCode"], cloud.failures) == (500, "invalid_backend_json", [])


def test_many_threads_get_whole_answers_while_files_change(local: Server) -> None:
    publish(local, "1.0.0")
    publish(local, "1.1.0")

    def ask(_number: int) -> tuple[int, bool]:
        response = local.get(LATEST, accept_encoding="gzip")
        answer = body(response)
        return response.status, answer["version"] == answer["deliveryMetadata"]["resolvedVersion"]

    def point(version: str) -> None:
        staged = local.folder / f"manifests/demo/.{version}.tmp"
        staged.write_text(json.dumps({**MANIFEST, "version": version}))
        staged.replace(local.folder / "manifests/demo/latest.json")

    with ThreadPoolExecutor(8) as pool:
        answers = pool.map(ask, range(400))
        for number in range(50):
            point(("1.0.0", "1.1.0")[number % 2])
        assert set(answers) == {(200, True)}


@pytest.mark.parametrize("name", ["package.tar.zst", "package.tar"])
def test_a_package_too_large_for_one_answer_is_no_fault_of_the_server(tmp_path: Path, name: str) -> None:
    folder = tmp_path / "packages/demo/1.0.0"
    folder.mkdir(parents=True)
    (folder / "package.tar.zst").write_bytes(b"x" * 11)
    reported: list[object] = []
    source = FolderSource(tmp_path, max_bytes=10)
    service = DeliveryService(source, local_profile(), report=lambda *told: reported.append(told))

    answer = service.handle(Request("GET", f"/api/packages/demo/1.0.0/{name}", "", {"accept-encoding": "zstd"}))

    assert (answer.status, body(answer)["errorCode"]) == (404, "artifact_too_large")
    assert reported == []
