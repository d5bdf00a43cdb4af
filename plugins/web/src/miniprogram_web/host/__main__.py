"""`python -m miniprogram_web.host`: what `host run` starts for a web page, in the page's folder.

A project whose package.json has a script `dev` or `start` is run by that; any other folder is served as it is.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from urllib.parse import urlencode

from miniprogram.errors import MiniProgramError, ToolError
from miniprogram_web.host.opening import DEVICES, opener
from miniprogram_web.host.page_server import serving_folder
from miniprogram_web.host.project import PACKAGE_FILE, WebProject, read_project

DELIVERY_PARAMETER = "mini-program-api-base-url"
"""Read by the page's setup, on this machine only."""
_ADDRESS = re.compile(rb"https?://(?:localhost|127\.0\.0\.1|\[::1\]):\d+/?[\w./-]*")


def main(arguments: Sequence[str], *, environ: Mapping[str, str], folder: Path) -> int:
    asked = _parser().parse_args(arguments)
    try:
        open_page = opener(asked.device, environ)
        project = read_project(folder)
        query = f"?{urlencode({DELIVERY_PARAMETER: asked.api_base_url})}" if asked.api_base_url else ""
        script = project.script("dev", "start")
        if script is not None:
            return _run_script(script, project, query, open_page, environ)
        return _serve(project, asked.port, query, open_page)
    except KeyboardInterrupt:
        return 130
    except OSError as error:
        sys.stderr.write(f"port {asked.port} cannot be had: {error.strerror or error}\n")
        return 1
    except MiniProgramError as error:
        sys.stderr.write("".join(f"{line}\n" for line in (error, error.hint) if line))
        return error.exit_code


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="host run", description=__doc__, add_help=False)
    parser.add_argument("--device", required=True, help=", ".join(DEVICES))
    parser.add_argument("--api-base-url")
    parser.add_argument("--port", type=int, default=0)
    return parser


def _serve(project: WebProject, port: int, query: str, open_page: Callable[[str], None]) -> int:
    page = "" if project.project_file.name in ("index.html", PACKAGE_FILE) else project.project_file.name
    with serving_folder(project.root, port) as address:
        sys.stdout.write(f"Serving {project.root} at {address}{page}{query}; Ctrl-C ends it.\n")
        sys.stdout.flush()
        open_page(f"{address}{page}{query}")
        threading.Event().wait()
    return 0


def _run_script(
    script: str, project: WebProject, query: str, open_page: Callable[[str], None], environ: Mapping[str, str]
) -> int:
    """Run the project's own server, and open the first address of this machine that it prints."""
    npm = shutil.which("npm", path=environ.get("PATH", os.defpath))
    if npm is None:
        raise ToolError(f"npm is not on PATH, and {project.project_file} is run by its script {script!r}")
    child = subprocess.Popen(
        [npm, "run", script], cwd=project.root, env=dict(environ), stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )
    opened = False
    try:
        for line in child.stdout or ():
            sys.stdout.buffer.write(line)
            sys.stdout.flush()
            found = None if opened else _ADDRESS.search(_without_colors(line))
            if found:
                opened = True
                open_page(found[0].decode() + query)
        return child.wait()
    finally:
        if child.poll() is None:
            child.terminate()
            child.wait()


def _without_colors(line: bytes) -> bytes:
    return re.sub(rb"\x1b\[[0-9;]*m", b"", line)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:], environ=os.environ, folder=Path.cwd()))
