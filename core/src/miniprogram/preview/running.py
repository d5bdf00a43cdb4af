"""The whole of a preview: build, serve, watch, and an app or a page until it ends or Ctrl-C."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from time import monotonic
from typing import Any

from miniprogram import browsers, processes
from miniprogram.addresses import LOOPBACK
from miniprogram.hosts.running import await_app, start_app
from miniprogram.lan import lan_host
from miniprogram.number_words import number_of
from miniprogram.preview.bundle import PreviewBundle, load_bundle
from miniprogram.preview.editors import open_in_editor
from miniprogram.preview.finding_news import FindingNews
from miniprogram.preview.interrupts import Interrupts, interruptible
from miniprogram.preview.mistakes import warnings_told
from miniprogram.preview.mock_backend import find_mock_backend
from miniprogram.preview.rebuilding import Rebuilder
from miniprogram.preview.serving.backend_proxy import BackendProxy
from miniprogram.preview.serving.browser_reports import BrowserReports
from miniprogram.preview.serving.page_routes import PageRoutes
from miniprogram.preview.serving.server import PreviewServer
from miniprogram.preview.session import PreviewSession, Snapshot
from miniprogram.processes import ProcessId
from miniprogram.project.build import BuildReport
from miniprogram.project.location import ProgramLocation
from miniprogram.project.output.output_folder import output_folder
from miniprogram.project.watching.watcher import ProgramWatcher
from miniprogram.seams.preview_host import AppLaunch, PreviewAddress, PreviewDevice, PreviewProgram
from miniprogram.seams.preview_page import PreviewPage

PAGE_PORTS = range(4280, 4290)
"""Where pages are served when they can be: what a browser remembers of a page belongs to its address."""

Line = Callable[[str], None]
"""Takes one line for the person and shows it at once. Called from several threads."""


@dataclass(frozen=True, slots=True)
class Builds:
    """How to build: `first` with everything that takes long, `again` without fetching dependencies."""

    first: Callable[[], BuildReport]
    again: Callable[[], BuildReport]


@dataclass(frozen=True, slots=True)
class Surroundings:
    """The world a preview runs in, and who is told what: `say` what goes on, `warn` what is wrong."""

    environ: Mapping[str, str]
    cwd: Path
    say: Line
    warn: Line


@dataclass(frozen=True, slots=True)
class PageWishes:
    """How a page is to be shown. `browser` is one of `browsers.NAMES`; `port` None is any that is free."""

    browser: str = browsers.ANY
    opens: bool = True
    port: int | None = None
    over_lan: bool = False


def run_preview(
    location: ProgramLocation,
    device: PreviewDevice,
    builds: Builds,
    *,
    environ: Mapping[str, str],
    say: Line,
    warn: Line,
    port: int | None = None,
) -> int:
    """Show the mini-program at `location` on `device`; the exit code is the app's.

    Everything that was started or mapped is gone when this returns or raises. Raises MiniProgramError when the
    first build, the app or the way to the device fails, KeyboardInterrupt on Ctrl-C, SIGTERM and SIGHUP.
    """
    with interruptible() as interrupts, ExitStack() as stack:
        try:
            session = PreviewSession()
            bundle = _built_and_watched(session, location, builds, stack, say=say, warn=warn)
            program = PreviewProgram(location.root, bundle.program_id, bundle.title, location.repo_root)
            device.prepare(program)
            address = _serve(session, program, device, stack, say=say, port=port or 0)
            say(f"Watching {location.root}: what you save shows on {device.name}. Ctrl-C ends the preview.")
            return _run(device.launch(program, address), environ, interrupts)
        finally:
            interrupts.hold()  # the stack is undone next, whole, however often somebody presses Ctrl-C


def run_page_preview(
    location: ProgramLocation, page: PreviewPage, builds: Builds, wishes: PageWishes, around: Surroundings
) -> None:
    """Show the mini-program at `location` in `page`, until somebody ends it.

    Raises MiniProgramError when the first build fails or the page cannot be served, KeyboardInterrupt at the end.
    """
    say = around.say
    opening = browsers.open_command(wishes.browser, around.environ) if wishes.opens else None
    with interruptible() as interrupts, ExitStack() as stack:
        try:
            server = stack.enter_context(serving_page(location, page, builds, wishes, around))
            if opening is not None:
                browsers.open_page(opening, server.page_url_for(LOOPBACK), around.environ)
            elif wishes.opens and wishes.browser != browsers.NONE:
                say("Open the address in a browser: there is no screen here to open one on.")
            say(f"Watching {location.root}: what you save shows in the page. Ctrl-C ends the preview.")
            while True:
                interrupts.wait()
        finally:
            interrupts.hold()


@contextmanager
def serving_page(
    location: ProgramLocation, page: PreviewPage, builds: Builds, wishes: PageWishes, around: Surroundings
) -> Iterator[PreviewServer]:
    """Build, watch and serve the mini-program at `location` in `page` while the block runs.

    Raises MiniProgramError when the first build fails or the port cannot be had.
    """
    host = lan_host(environ=around.environ) if wishes.over_lan else LOOPBACK
    with ExitStack() as stack:
        session = PreviewSession()
        _built_and_watched(session, location, builds, stack, say=around.say, warn=around.warn)
        facts: dict[str, Any] = {}
        routes = _page_routes(session, location, page, around, facts)
        ports = (*PAGE_PORTS, 0) if wishes.port is None else (wishes.port,)
        server = PreviewServer(session, open_to_network=wishes.over_lan, page=routes, ports=ports)
        stack.callback(server.close)
        url = server.page_url_for(host)
        around.say(f"Preview: {url}")
        if wishes.over_lan:
            around.say("Whoever has this address can see the mini-program while the preview runs.")
            around.say(qr_text(url))
            facts["lan"] = {"url": url, "qr": qr_picture(url)}
        yield server


def _page_routes(
    session: PreviewSession,
    location: ProgramLocation,
    page: PreviewPage,
    around: Surroundings,
    facts: Mapping[str, Any],
) -> PageRoutes:
    root = location.root

    def open_editor(file: str, line: int, column: int) -> None:
        open_in_editor(root, file, line, column, environ=around.environ, cwd=around.cwd)

    return PageRoutes(
        session,
        root,
        page,
        backend=BackendProxy(lambda: find_mock_backend(root, over_network=False)),
        reports=BrowserReports(session, root, around.warn, location.shown_folder),
        open_editor=open_editor,
        facts=lambda: facts,
    )


def qr_text(url: str) -> str:
    """A QR code of `url` for a terminal."""
    import segno  # deferred: few ask for one

    drawn = io.StringIO()
    segno.make(url, error="l").terminal(drawn, compact=True)
    return drawn.getvalue().rstrip("\n")


def qr_picture(url: str) -> str:
    """The same as a picture, as a `data:` address."""
    import segno

    return segno.make(url, error="l").svg_data_uri(scale=6, border=3, light="#fff")


def _built_and_watched(
    session: PreviewSession, location: ProgramLocation, builds: Builds, stack: ExitStack, *, say: Line, warn: Line
) -> PreviewBundle:
    """The first build, which is followed by one after every change for as long as `stack` lasts."""
    news = FindingNews(say)
    rebuilder = _watch(session, location, builds.again, stack, news=news, say=say, warn=warn)
    bundle = _first_build(builds.first, news, say)
    session.apply(bundle)
    rebuilder.start()
    stack.callback(rebuilder.stop)
    return bundle


def _first_build(build: Callable[[], BuildReport], news: FindingNews, say: Line) -> PreviewBundle:
    report = build()
    news.tell(report)
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
    session: PreviewSession,
    program: PreviewProgram,
    device: PreviewDevice,
    stack: ExitStack,
    *,
    say: Line,
    port: int,
) -> PreviewAddress:
    """Start the server and connect the device to it, for as long as `stack` lasts."""
    server = PreviewServer(session, open_to_network=device.over_network, ports=(port,))
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
    location: ProgramLocation,
    build: Callable[[], BuildReport],
    stack: ExitStack,
    *,
    news: FindingNews,
    say: Line,
    warn: Line,
) -> Rebuilder:
    """Watch the sources for as long as `stack` lasts. What changes before the rebuilder starts is not lost."""
    root, started = location.root, 0.0

    def rebuild() -> PreviewBundle:
        nonlocal started
        started = monotonic()
        report = build()
        news.tell(report)
        for warning in warnings_told(report.findings):
            session.log(**warning)
        return load_bundle(report)

    def built(snapshot: Snapshot) -> None:
        took = monotonic() - started
        say(f"Rebuilt in {took:.2f} s (build {snapshot.build_version})")
        session.log("info", f"Rebuilt in {took:.2f} s", buildVersion=snapshot.build_version)

    rebuilder = Rebuilder(session, rebuild, built=built, failed=warn, root=root)
    watcher = ProgramWatcher(
        root, output=lambda: output_folder(root, location.build_dir), changed=rebuilder.request, say=warn
    )
    watcher.start()
    stack.callback(watcher.stop)
    return rebuilder
