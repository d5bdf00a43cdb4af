"""The whole of a preview: build, serve, watch, and an app in the foreground until it ends or Ctrl-C."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from time import monotonic

from miniprogram import processes
from miniprogram.hosts.running import await_app, start_app
from miniprogram.number_words import number_of
from miniprogram.preview.bundle import PreviewBundle, load_bundle
from miniprogram.preview.interrupts import Interrupts, interruptible
from miniprogram.preview.mock_backend import find_mock_backend
from miniprogram.preview.rebuilding import Rebuilder
from miniprogram.preview.server import PreviewServer
from miniprogram.preview.session import PreviewSession, Snapshot
from miniprogram.processes import ProcessId
from miniprogram.project.build import BuildReport
from miniprogram.project.location import ProgramLocation
from miniprogram.project.output.output_folder import output_folder
from miniprogram.project.watching.watcher import ProgramWatcher
from miniprogram.seams.preview_host import AppLaunch, PreviewAddress, PreviewDevice, PreviewProgram

Line = Callable[[str], None]
"""Takes one line for the person and shows it at once. Called from several threads."""


@dataclass(frozen=True, slots=True)
class Builds:
    """How to build: `first` with everything that takes long, `again` without fetching dependencies."""

    first: Callable[[], BuildReport]
    again: Callable[[], BuildReport]


def run_preview(
    location: ProgramLocation,
    device: PreviewDevice,
    builds: Builds,
    *,
    environ: Mapping[str, str],
    say: Line,
    warn: Line,
) -> int:
    """Show the mini-program at `location` on `device`; the exit code is the app's.

    Everything that was started or mapped is gone when this returns or raises. Raises MiniProgramError when the
    first build, the app or the way to the device fails, KeyboardInterrupt on Ctrl-C, SIGTERM and SIGHUP.
    """
    with interruptible() as interrupts, ExitStack() as stack:
        try:
            session = PreviewSession()
            rebuilder = _watch(session, location.root, builds.again, stack, say=say, warn=warn)
            bundle = _first_build(builds.first, say)
            session.apply(bundle)
            rebuilder.start()
            stack.callback(rebuilder.stop)
            program = PreviewProgram(location.root, bundle.program_id, bundle.title, location.repo_root)
            device.prepare(program)
            address = _serve(session, program, device, stack, say)
            say(f"Watching {location.root}: what you save shows on {device.name}. Ctrl-C ends the preview.")
            return _run(device.launch(program, address), environ, interrupts)
        finally:
            interrupts.hold()  # the stack is undone next, whole, however often somebody presses Ctrl-C


def _first_build(build: Callable[[], BuildReport], say: Line) -> PreviewBundle:
    report = build()
    _tell_findings(report, say)
    bundle = load_bundle(report)
    say(f"Built {bundle.program_id}: {number_of(len(bundle.screens), 'screen')}")
    return bundle


def _run(launch: AppLaunch, environ: Mapping[str, str], interrupts: Interrupts) -> int:
    """Run the app in the foreground. Whatever interrupts it ends it at once, with all it has started."""
    interrupts.hold()  # between its start and its name being known here, nobody could end it
    app = start_app(launch.argv, cwd=launch.cwd, environ=environ)
    try:
        interrupts.release()
        return await_app(app)
    except BaseException:
        interrupts.hold()
        processes.stop(ProcessId(app.pid))
        app.wait()
        raise


def _serve(
    session: PreviewSession, program: PreviewProgram, device: PreviewDevice, stack: ExitStack, say: Line
) -> PreviewAddress:
    """Start the server and connect the device to it, for as long as `stack` lasts."""
    server = PreviewServer(session, open_to_network=device.over_network)
    stack.callback(server.close)
    mock = find_mock_backend(program.root, over_network=device.over_network)
    ports = [server.port, *([] if mock.port is None else [mock.port])]
    reach = stack.enter_context(device.connect(ports))
    for note in (*reach.notes, *([mock.note] if mock.note else [])):
        say(f"Note: {note}")
    backend_url = None if mock.port is None else f"http://{reach.host}:{mock.port}/"
    address = PreviewAddress(server.base_url_for(reach.host), backend_url)
    say(f"Preview: {address.base_url}")
    if backend_url:
        say(f"Mock publisher backend: {backend_url}")
    return address


def _watch(
    session: PreviewSession,
    root: Path,
    build: Callable[[], BuildReport],
    stack: ExitStack,
    *,
    say: Line,
    warn: Line,
) -> Rebuilder:
    """Watch the sources for as long as `stack` lasts. What changes before the rebuilder starts is not lost."""
    started = 0.0

    def rebuild() -> PreviewBundle:
        nonlocal started
        started = monotonic()
        report = build()
        _tell_findings(report, say)
        return load_bundle(report)

    def built(snapshot: Snapshot) -> None:
        say(f"Rebuilt in {monotonic() - started:.2f} s (build {snapshot.build_version})")

    rebuilder = Rebuilder(session, rebuild, built=built, failed=warn)
    watcher = ProgramWatcher(root, output=lambda: output_folder(root), changed=rebuilder.request, say=warn)
    watcher.start()
    stack.callback(watcher.stop)
    return rebuilder


def _tell_findings(report: BuildReport, say: Line) -> None:
    for finding in report.findings:
        say(finding.text(report.location.shown_folder))
