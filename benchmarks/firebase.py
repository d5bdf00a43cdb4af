"""Firebase: a publish to Hosting against the official command line, and records into and out of Firestore.

Both tools run as processes of their own against the same recorder on this machine, whose requests take 25 ms each.
They put the same files before visitors: a release of 2,000 screens, then a second one with one screen changed.
Ours checks and builds the project as well; the official one deploys a folder. It takes part where `FIREBASE_CLI`
names its script `firebase.js`, or `firebase` is on the path.

Needs the tests' stand-ins: run it with `PYTHONPATH=tests`.
"""

from __future__ import annotations

import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from interleaved import show
from publishing import make_program, screen

from testbed.google.firestore.rest import FirestoreRest
from testbed.google.firestore.service import FirestoreService
from testbed.google.hosting import HostingService
from testbed.google.rules import RulesService
from testbed.google.run_service import RunService
from testbed.google.server import TOKEN, Call, GoogleStandIn, Reply, document
from testbed.google.small_services import LoggingService, MetadataService, ServiceUsageService

SERVICE_MS = 25
ROUNDS = 3
PROJECT = "shop-project"
PROGRAM_ID = "shop"
MINIPROGRAM = str(Path(sys.executable).parent / "miniprogram")
CLI_ADDRESSES = ("TOKEN", "AUTH", "API", "HOSTING_API", "RESOURCEMANAGER", "SERVICE_USAGE")
RELEASES = {"all new": "1.0.0", "1 changed": "1.1.0"}
RECORDS = (10_000, 50_000)

WATCHED = """
import atexit, runpy, sys
from pathlib import Path
def note():
    Path("memory").write_text(Path("/proc/self/status").read_text().partition("VmHWM:")[2].split()[0])
atexit.register(note)
sys.argv[0] = "miniprogram"
runpy.run_module("miniprogram", run_name="__main__")
"""
"""The command line, noting its own largest memory: what is counted for a child begins at its parent's."""


@dataclass(frozen=True)
class Deploy:
    """What one run cost. `sent` in bytes of request bodies."""

    requests: int
    sent: int
    seconds: float


class SlowStandIn(GoogleStandIn):
    """Answers as late as a service in another town does; many at once."""

    def answer(self, call: Call) -> Reply:
        time.sleep(SERVICE_MS / 1000)
        return super().answer(call)


class ProjectService:
    """What the official tool asks of a project before it deploys: everything is allowed, every API is on."""

    prefixes = ("/v1/projects/",)

    def answer(self, call: Call) -> Reply:
        if call.path.endswith(":testIamPermissions"):
            return document({"permissions": call.json["permissions"]})
        return document({"state": "ENABLED"})


def main() -> None:
    hosting()
    records()


def hosting() -> None:
    cli = official_tool()
    costs: dict[tuple[str, str], list[Deploy]] = {}
    for _ in range(ROUNDS):
        with tempfile.TemporaryDirectory() as name, recording("ours", "cli") as stand_in:
            folder = Path(name)
            program, environ = folder / "shop", surroundings(folder, stand_in.address)
            make_program(program / "stac")
            typed("env init", program, environ)
            typed(f"env configure live --provider firebase --project-id {PROJECT}", program, environ)
            for kind, version in RELEASES.items():
                release(program, version, f"text of {version}")
                costs.setdefault(("ours", kind), []).append(ours(stand_in, folder, environ))
                if cli:
                    laid_out = lay_out(stand_in, folder, environ)
                    deployed = theirs(stand_in, folder, environ, cli)
                    costs.setdefault(("cli", kind), []).append(deployed)
                    both = replace(deployed, seconds=laid_out.seconds + deployed.seconds)
                    costs.setdefault(("folder and cli", kind), []).append(both)
    report({which: middle(found) for which, found in costs.items()})


def middle(found: Sequence[Deploy]) -> Deploy:
    """The median of each cost."""
    columns = zip(*((each.requests, each.sent, each.seconds) for each in found), strict=True)
    requests, sent, seconds = (statistics.median(column) for column in columns)
    return Deploy(round(requests), round(sent), seconds)


def report(costs: Mapping[tuple[str, str], Deploy]) -> None:
    all_new, one_changed = RELEASES
    _compare("1 changed / all new", costs["ours", one_changed], costs["ours", all_new])
    if ("cli", all_new) not in costs:
        print(
            "Hosting against the official tool is left out: set FIREBASE_CLI to the firebase.js of firebase-tools"
        )
        return
    for kind in RELEASES:
        mine, both = costs["ours", kind], costs["folder and cli", kind]
        _compare(f"{kind} / official tool", mine, costs["cli", kind], requests="<= 1.0", seconds="<= 0.5")
        note = f"{mine.seconds:.3g} against {both.seconds:.3g}"
        show(f"Hosting, {kind} / build, then official tool: seconds", mine.seconds / both.seconds, "-", note)


def _compare(name: str, mine: Deploy, other: Deploy, **goals: str) -> None:
    for what in ("requests", "sent", "seconds"):
        value, peer = getattr(mine, what), getattr(other, what)
        goal, note = goals.get(what, "-"), f"{value:,.4g} against {peer:,.4g}"
        show(f"Hosting, {name}: {what}", value / peer, goal, note)


def official_tool() -> list[str] | None:
    """How to start it, or None where it is not installed."""
    named = os.environ.get("FIREBASE_CLI")
    if named:
        return [shutil.which("node") or "node", named]
    found = shutil.which("firebase")
    return [found] if found else None


def ours(stand_in: GoogleStandIn, folder: Path, environ: Mapping[str, str]) -> Deploy:
    """Check, build and publish the project."""
    argv = [MINIPROGRAM, "publish", "--target", "firebase-hosting", "--env", "live", "--site", "ours"]
    return recorded(stand_in, argv, folder / "shop", environ)


def lay_out(stand_in: GoogleStandIn, folder: Path, environ: Mapping[str, str]) -> Deploy:
    """Check and build the project, and add it to the folder that the official tool deploys."""
    argv = [MINIPROGRAM, "publish", "--target", "static", "--output", str(folder / "public")]
    return recorded(stand_in, argv, folder / "shop", environ)


def theirs(stand_in: GoogleStandIn, folder: Path, environ: Mapping[str, str], cli: list[str]) -> Deploy:
    (folder / "firebase.json").write_text(json.dumps({"hosting": {"public": "public", "site": "cli"}}))
    argv = [*cli, "deploy", "--only", "hosting", "--project", PROJECT, "--non-interactive"]
    return recorded(stand_in, argv, folder, {**environ, "FIREBASE_TOKEN": "1//refresh-token"})


def recorded(stand_in: GoogleStandIn, argv: list[str], cwd: Path, environ: Mapping[str, str]) -> Deploy:
    stand_in.calls.clear()
    started = time.perf_counter()
    execute(argv, cwd, environ)
    took = time.perf_counter() - started
    return Deploy(len(stand_in.calls), sum(len(call.body) for call in stand_in.calls), took)


def typed(line: str, cwd: Path, environ: Mapping[str, str]) -> None:
    execute([MINIPROGRAM, *line.split()], cwd, environ)


def execute(argv: list[str], cwd: Path, environ: Mapping[str, str]) -> None:
    """Raises RuntimeError with what was said when it fails."""
    done = subprocess.run(argv, cwd=cwd, env=environ, capture_output=True, check=False)
    if done.returncode:
        raise RuntimeError(f"{argv} exited with {done.returncode}: {(done.stdout + done.stderr).decode()}")


def surroundings(folder: Path, address: str) -> dict[str, str]:
    """A HOME of its own, in which the official tool asks nobody else for news; each service at `address`."""
    settings = folder / "home" / ".config" / "configstore" / "firebase-tools.json"
    settings.parent.mkdir(parents=True)
    settings.write_text(json.dumps({"usage": False, "motd": {"fetched": 99_999_999_999_999}}))
    named = {f"FIREBASE_{each}_URL": address for each in CLI_ADDRESSES}
    inherited = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return {**inherited, **named, "HOME": str(folder / "home"), "CI": "1", "FIREBASE_TOKEN": TOKEN}


def release(program: Path, version: str, text: str) -> None:
    """The project as it is built for `version`: one screen of it says `text`."""
    manifest = {"id": "shop", "version": version, "entry": "screen_0", "contractVersion": "1.0.0"}
    manifest |= {"sdkVersionRange": "any", "requiredCapabilities": []}
    (program / "manifest.json").write_text(json.dumps(manifest))
    (program / "stac" / "screens" / "screen_0.json").write_bytes(screen(text, 0))


@contextmanager
def recording(*sites: str) -> Iterator[GoogleStandIn]:
    with SlowStandIn().running() as stand_in:
        stand_in.services += [HostingService(stand_in.address, PROJECT, *sites), ProjectService()]
        yield stand_in


def records() -> None:
    """Import and export redemptions by command line, each in a process of its own."""
    costs = {}
    for count in RECORDS:
        with tempfile.TemporaryDirectory() as name, project(Path(name)) as environ:
            root = Path(name) / "shop"
            for line in (
                "env init",
                f"env configure live --provider firebase --project-id {PROJECT}",
                "env use live",
                "publisher-backend scaffold --template firebase-functions",
                "publisher-backend firebase deploy",
            ):
                typed(line, root, environ)
            given, taken = Path(name) / "given.json", Path(name) / "taken.json"
            given.write_text(json.dumps(export_of(count)))
            data = "publisher-backend firebase data"
            costs[count] = {
                "import": watched(f"{data} import --input {given} --include-redemptions", root, environ),
                "export": watched(f"{data} export --output {taken} --include-redemptions", root, environ),
            }
            assert len(json.loads(taken.read_text())["records"]) == count
    fewer, more = RECORDS
    for way in ("import", "export"):
        seconds, small = costs[fewer][way]
        _, large = costs[more][way]
        slope = (large - small) / (more - fewer)
        show(f"Firestore, {way} of {fewer:,} records: records/s", fewer / seconds, "-", f"{seconds:.2f} s in all")
        note = f"{small:,} KiB for {fewer:,}, {large:,} KiB for {more:,}"
        show(f"Firestore, {way}: peak memory per further record, KiB", slope, "0", note)


def export_of(count: int) -> dict[str, object]:
    """An export as `data import` reads it, of `count` redemptions."""
    program = f"miniPrograms/{PROGRAM_ID}"
    entries = [
        {
            "recordType": "redemption",
            "collection": "redemptions",
            "documentId": f"user-{number:06}",
            "documentPath": f"{program}/redemptions/user-{number:06}",
            "data": {"couponId": "coupon-10", "userId": f"user-{number}", "redeemedAtUtc": "2026-11-30T12:00:00Z"},
        }
        for number in range(count)
    ]
    return {"schemaVersion": 1, "provider": "firebase", "miniProgramId": PROGRAM_ID, "records": entries}


def watched(line: str, cwd: Path, environ: Mapping[str, str]) -> tuple[float, int]:
    """Seconds that a command took, and its largest resident memory in KiB."""
    started = time.perf_counter()
    execute([sys.executable, "-c", WATCHED, *line.split()], cwd, environ)
    return time.perf_counter() - started, int((cwd / "memory").read_text())


@contextmanager
def project(folder: Path) -> Iterator[dict[str, str]]:
    """A project with Cloud Run that runs and Firestore, and a mini-program in `folder`/shop. The environment."""
    (folder / "shop").mkdir()
    (folder / "shop" / "manifest.json").write_text(json.dumps({"id": PROGRAM_ID, "title": "Shop"}))
    with GoogleStandIn().running() as stand_in:
        address = stand_in.address
        inside = {
            "CLOUDSDK_API_ENDPOINT_OVERRIDES_FIRESTORE": address,
            "GCE_METADATA_HOST": address.removeprefix("http://"),
        }
        run = RunService(PROJECT, folder / "containers", inside)
        usage = ServiceUsageService(PROJECT, "run.googleapis.com")
        firestore = FirestoreRest(FirestoreService())
        stand_in.services += [run, LoggingService(run), usage, MetadataService(), RulesService(PROJECT), firestore]
        named = {f"CLOUDSDK_API_ENDPOINT_OVERRIDES_{api}": address for api in ("FIRESTORE", "FIREBASERULES")}
        named |= {
            f"CLOUDSDK_API_ENDPOINT_OVERRIDES_{api.upper()}": f"{address}/{api}/"
            for api in ("run", "logging", "serviceusage")
        }
        try:
            yield {**surroundings(folder, address), **named}
        finally:
            run.close()


if __name__ == "__main__":
    main()
