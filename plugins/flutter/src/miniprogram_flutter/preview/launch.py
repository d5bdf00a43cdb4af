"""The command line that runs the preview host app."""

from __future__ import annotations

from pathlib import Path

from miniprogram.seams.preview_host import PreviewAddress, PreviewProgram

BASE_URL_DEFINE = "MINI_PROGRAM_PREVIEW_BASE_URL"
PROGRAM_ID_DEFINE = "MINI_PROGRAM_PREVIEW_MINI_PROGRAM_ID"
TITLE_DEFINE = "MINI_PROGRAM_PREVIEW_TITLE"
BACKEND_DEFINE = "MINI_PROGRAM_PREVIEW_BACKEND_BASE_URL"


def run_argv(device_id: str, folder: Path, program: PreviewProgram, address: PreviewAddress) -> list[str]:
    """Run the app in `folder` on the device. Hot reload is off: what changes comes from the preview server."""
    defines = {
        BASE_URL_DEFINE: address.base_url,
        PROGRAM_ID_DEFINE: program.program_id,
        TITLE_DEFINE: program.title,
    }
    if address.backend_url is not None:
        defines[BACKEND_DEFINE] = address.backend_url
    return [
        "flutter",
        "run",
        "--project-root",
        str(folder),
        "-d",
        device_id,
        "--no-hot",
        *(f"--dart-define={name}={value}" for name, value in defines.items()),
    ]
