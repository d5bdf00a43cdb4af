"""The hooks. Each returns descriptions; none imports an SDK or touches the disk or the network."""

from __future__ import annotations

from collections.abc import Iterable

import pluggy

from miniprogram.plugins.markers import PROJECT
from miniprogram.plugins.specs import (
    AnyProvider,
    AnyTarget,
    BackendTemplateSpec,
    Capability,
    CommandSpec,
    DoctorCheckSpec,
    HostGeneratorSpec,
    PreviewPageSpec,
    ScreenCheckSpec,
    ScreenFrameSpec,
    ScreenPainterSpec,
    ScreenSourceSpec,
    SigningKeySpec,
    VersionSignerSpec,
)

hookspec = pluggy.HookspecMarker(PROJECT)


@hookspec
def miniprogram_publish_targets() -> Iterable[AnyTarget]:
    """Publish targets this distribution adds."""
    return ()


@hookspec
def miniprogram_cloud_providers() -> Iterable[AnyProvider]:
    """Cloud providers this distribution adds."""
    return ()


@hookspec
def miniprogram_backend_templates() -> Iterable[BackendTemplateSpec]:
    """Publisher backend starters this distribution adds."""
    return ()


@hookspec
def miniprogram_host_generators() -> Iterable[HostGeneratorSpec]:
    """Host generators this distribution adds."""
    return ()


@hookspec
def miniprogram_screen_sources() -> Iterable[ScreenSourceSpec]:
    """Screen file types this distribution adds."""
    return ()


@hookspec
def miniprogram_screen_checks() -> Iterable[ScreenCheckSpec]:
    """Further looks this distribution takes at screens when they are validated."""
    return ()


@hookspec
def miniprogram_preview_pages() -> Iterable[PreviewPageSpec]:
    """Pages this distribution adds in which `preview` shows mini-programs."""
    return ()


@hookspec
def miniprogram_screen_painters() -> Iterable[ScreenPainterSpec]:
    """What this distribution draws screens with, for pictures of them."""
    return ()


@hookspec
def miniprogram_screen_frames() -> Iterable[ScreenFrameSpec]:
    """What this distribution draws screens with in the frames of the release console."""
    return ()


@hookspec
def miniprogram_doctor_checks() -> Iterable[DoctorCheckSpec]:
    """Lines this distribution adds to `doctor`."""
    return ()


@hookspec
def miniprogram_signing_keys() -> Iterable[SigningKeySpec]:
    """Kinds of keys this distribution can sign with."""
    return ()


@hookspec
def miniprogram_version_signers() -> Iterable[VersionSignerSpec]:
    """What this distribution signs published versions with."""
    return ()


@hookspec
def miniprogram_commands() -> Iterable[CommandSpec]:
    """Commands this distribution adds."""
    return ()


@hookspec
def miniprogram_capabilities() -> Iterable[Capability]:
    """Rows this distribution adds to `capabilities`."""
    return ()
