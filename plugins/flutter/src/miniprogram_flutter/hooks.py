"""What this distribution adds."""

from __future__ import annotations

from miniprogram.plugins.markers import hookimpl
from miniprogram.plugins.specs import Capability, DoctorCheckSpec, HostGeneratorSpec

TYPE_CHECKING = False
if TYPE_CHECKING:
    from miniprogram.seams.checks import Check, CheckContext
    from miniprogram.seams.host_generator import HostGenerator
    from miniprogram.seams.preview_host import PreviewHost

MINIPROGRAM_HOOK_API = ">=1.0.0 <2.0.0"


@hookimpl
def miniprogram_host_generators() -> list[HostGeneratorSpec]:
    return [
        HostGeneratorSpec(
            "flutter", "a Flutter app, known by `flutter:` in its pubspec.yaml", _generator, _preview_host
        )
    ]


@hookimpl
def miniprogram_doctor_checks() -> list[DoctorCheckSpec]:
    return [DoctorCheckSpec("Flutter CLI", _flutter_cli)]


@hookimpl
def miniprogram_capabilities() -> list[Capability]:
    return [
        Capability("host.flutter.embed", "flutterHostEmbed", "embed init"),
        Capability("host.flutter.run", "flutterHostRun", "host run"),
    ]


def _generator() -> HostGenerator:
    from miniprogram_flutter.generator import FlutterGenerator

    return FlutterGenerator()


def _preview_host() -> PreviewHost:
    from miniprogram_flutter.preview.host import FlutterPreviewHost

    return FlutterPreviewHost()


def _flutter_cli(context: CheckContext) -> Check:
    from miniprogram_flutter.doctor import check_flutter

    return check_flutter(context)
