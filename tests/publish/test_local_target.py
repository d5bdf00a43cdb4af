"""The local workspace: valid before and after, or as it was."""

import json
from pathlib import Path

import pytest

from miniprogram.clock import to_iso
from miniprogram.errors import MiniProgramError, PublishError
from miniprogram.local_backend import tracking
from miniprogram.local_backend.reset import reset_local
from miniprogram.publish.local_settings import LocalSettings
from miniprogram.publish.local_target import LocalTarget
from miniprogram.seams.publish_target import PublishTarget, Release, TargetContext
from miniprogram.state.workspace_location import BackendWorkspace
from miniprogram.testing import (
    NOON,
    PNG,
    VersionKeepingContract,
    image_screen,
    sample_release,
    sample_screens,
    write_program,
)


@pytest.fixture
def workspace(tmp_path: Path) -> BackendWorkspace:
    api = tmp_path / "be" / "backend" / "api"
    api.mkdir(parents=True)
    service = tmp_path / "be" / "backend" / "local_backend_service"
    service.mkdir()
    (service / "service.json").write_text("{}")
    return BackendWorkspace(tmp_path / "be")


@pytest.fixture
def context(tmp_path: Path) -> TargetContext:
    program = write_program(tmp_path / "shop")
    return TargetContext(tmp_path, tmp_path / "home", {}, program)


@pytest.fixture
def target(workspace: BackendWorkspace, context: TargetContext) -> LocalTarget:
    return LocalTarget(workspace, context)


class TestLocalTarget(VersionKeepingContract):
    @pytest.fixture(autouse=True)
    def _place(self, workspace: BackendWorkspace, tmp_path: Path) -> None:
        self.workspace = workspace
        # the contract publishes programs that are not on disk; any one will do as the authored side
        self.context = TargetContext(tmp_path, tmp_path, {}, write_program(tmp_path / "shop"))

    def make_target(self) -> PublishTarget:
        return LocalTarget(self.workspace, self.context)

    def read(self, name: str) -> bytes | None:
        path = self.workspace.api_root / name
        return path.read_bytes() if path.is_file() else None

    def remove(self, name: str) -> None:
        (self.workspace.api_root / name).unlink()


def write_rules(workspace: BackendWorkspace, *versions: str) -> Path:
    path = workspace.api_root / "rollout-rules" / "shop.json"
    path.parent.mkdir(exist_ok=True)
    rules = [{"id": f"r{version}", "hostApp": "a", "version": version} for version in versions]
    path.write_text(json.dumps({"miniProgramId": "shop", "defaultVersion": versions[0], "rules": rules}))
    return path


def latest(workspace: BackendWorkspace) -> str | None:
    path = workspace.api_root / "manifests/shop/latest.json"
    return str(json.loads(path.read_text())["version"]) if path.is_file() else None


def test_the_release_is_tracked_with_its_digest(target: LocalTarget, workspace: BackendWorkspace) -> None:
    release = sample_release(assets={"logo.png": PNG})

    target.publish(release)

    (record,) = tracking.records(workspace)
    assert (record.mini_program_id, record.version) == ("shop", "1.0.0")
    assert (record.digest, record.published_at_utc) == (release.bundle.digest, to_iso(NOON))
    assert record.assets_directory_path == str(workspace.api_root / "assets/shop/1.0.0")


def test_a_release_whose_tracking_was_lost_is_tracked_again(
    target: LocalTarget, workspace: BackendWorkspace
) -> None:
    target.publish(sample_release())
    (workspace.root / ".mini_program" / "published_local_artifacts.json").unlink()

    receipt = target.publish(sample_release())

    assert not receipt.changed
    assert len(tracking.records(workspace)) == 1


def test_after_a_reset_anything_may_be_published_again(target: LocalTarget, workspace: BackendWorkspace) -> None:
    target.publish(sample_release(assets={"old.png": PNG}))
    reset_local(workspace)

    target.publish(sample_release(screens=sample_screens(text="Other")))

    assert latest(workspace) == "1.0.0"
    home = workspace.api_root / "screens/shop/1.0.0/shop_home.json"
    assert json.loads(home.read_text())["data"] == "Other"
    assert not (workspace.api_root / "assets/shop").exists()


def test_nothing_is_written_when_the_workspace_is_not_valid(
    target: LocalTarget, workspace: BackendWorkspace
) -> None:
    write_rules(workspace, "1.0.0").write_text('{"miniProgramId": "shop", "defaultVersion": "x", "rules": []}')

    for attempt in (target.plan, target.publish):
        with pytest.raises(PublishError, match="rollout_invalid_default_version"):
            attempt(sample_release())
    assert latest(workspace) is None
    assert not (workspace.api_root / "releases").exists()


def test_rules_may_name_the_version_before_it_is_published(
    target: LocalTarget, workspace: BackendWorkspace
) -> None:
    target.publish(sample_release())
    write_rules(workspace, "1.0.0", "1.1.0")

    target.publish(sample_release(version="1.1.0"))

    assert latest(workspace) == "1.1.0"


def test_a_release_that_would_not_be_valid_is_taken_back_whole(
    target: LocalTarget, workspace: BackendWorkspace
) -> None:
    target.publish(sample_release())
    rules = write_rules(workspace, "1.0.0", "7.0.0")

    with pytest.raises(PublishError, match="rollout_rule_version_not_published"):
        target.publish(sample_release(version="1.1.0"))

    assert latest(workspace) == "1.0.0"
    assert not (workspace.api_root / "manifests/shop/versions/1.1.0.json").exists()
    assert [record.version for record in tracking.records(workspace)] == ["1.0.0"]
    rules.unlink()
    target.publish(sample_release(version="1.1.0", screens=sample_screens(text="Other now")))
    assert latest(workspace) == "1.1.0"


def test_a_first_release_that_is_taken_back_leaves_no_pointer(
    target: LocalTarget, workspace: BackendWorkspace
) -> None:
    write_rules(workspace, "7.0.0")

    with pytest.raises(PublishError):
        target.publish(sample_release())
    assert latest(workspace) is None


@pytest.mark.parametrize(("versions", "served"), [(("1.0.0",), False), (("1.0.0", "1.1.0"), True)])
def test_a_version_no_rule_names_is_pointed_out(
    target: LocalTarget, workspace: BackendWorkspace, versions: tuple[str, ...], served: bool
) -> None:
    target.publish(sample_release())
    write_rules(workspace, *versions)

    receipt = target.publish(sample_release(version="1.1.0"))

    assert any("No host gets 1.1.0" in note for note in receipt.notes) is not served


def test_rules_and_policies_are_not_touched(target: LocalTarget, workspace: BackendWorkspace) -> None:
    target.publish(sample_release())
    rules = write_rules(workspace, "1.0.0")
    before = rules.read_bytes()

    target.publish(sample_release(version="1.1.0"))

    assert rules.read_bytes() == before


def with_image() -> Release:
    return sample_release(screens={"shop_home": image_screen("logo.png")}, assets={"logo.png": PNG})


def image_address(workspace: BackendWorkspace) -> str:
    screen = json.loads((workspace.api_root / "screens/shop/1.0.0/shop_home.json").read_text())
    return str(screen["children"][0]["src"])


def test_images_follow_the_port_of_the_running_backend(target: LocalTarget, workspace: BackendWorkspace) -> None:
    target.publish(with_image())
    assert image_address(workspace) == "http://127.0.0.1:8080/api/assets/shop/1.0.0/logo.png"
    state = {
        "pid": 4242,
        "port": 9191,
        "bindHost": "127.0.0.1",
        "healthCheckUrl": "http://127.0.0.1:9191/health",
        "stdoutLogPath": "out",
        "stderrLogPath": "err",
        "startedAtUtc": to_iso(NOON),
    }
    (workspace.root / ".mini_program" / "backend.local.json").write_text(json.dumps(state))

    receipt = target.publish(with_image())

    assert image_address(workspace) == "http://127.0.0.1:9191/api/assets/shop/1.0.0/logo.png"
    assert receipt.delivery_api_base_url == "http://127.0.0.1:9191/api/"


def test_a_broken_state_file_is_named(target: LocalTarget, workspace: BackendWorkspace) -> None:
    (workspace.root / ".mini_program").mkdir()
    (workspace.root / ".mini_program" / "backend.local.json").write_text("{")

    with pytest.raises(MiniProgramError, match=r"backend\.local\.json"):
        target.publish(sample_release())
    assert latest(workspace) is None


def test_a_place_that_is_no_workspace_is_refused(context: TargetContext, tmp_path: Path) -> None:
    with pytest.raises(MiniProgramError, match="not a local backend workspace"):
        LocalTarget.open(LocalSettings(root=Path("nowhere")), context)


def test_the_workspace_is_found_where_the_command_runs(
    workspace: BackendWorkspace, context: TargetContext
) -> None:
    target = LocalTarget.open(LocalSettings(root=Path("be")), context)

    assert target.publish(sample_release()).location == str(workspace.api_root)
