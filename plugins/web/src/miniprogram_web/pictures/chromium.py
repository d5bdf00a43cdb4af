"""A Chromium, Chrome or Edge of this machine without a window, and one page in it."""

from __future__ import annotations

import json
import os
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Any

from miniprogram.browsers import find_browser
from miniprogram.errors import ToolError
from miniprogram_web.pictures.web_socket import WebSocket

START_WAIT_S = 30.0
ANSWER_WAIT_S = 60.0
BROWSER_VARIABLE = "CHROME_PATH"
"""Names the browser where it is not found by itself."""

_ARGUMENTS = (
    "--headless",
    "--remote-debugging-port=0",
    "--no-first-run",
    "--no-default-browser-check",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-extensions",
    "--disable-dev-shm-usage",
    "--disable-sync",
    "--hide-scrollbars",
    "--mute-audio",
    # the same pixels on every machine, as far as a browser can promise
    "--disable-gpu",
    "--disable-lcd-text",
    "--font-render-hinting=none",
    "--force-color-profile=srgb",
)


class BrowserPage:
    """A page, as the protocol for tools shows it. Raises ToolError when the browser does not answer or refuses."""

    def __init__(self, web_socket: WebSocket) -> None:
        self._web_socket = web_socket
        self._numbers = count(1)
        self._session: str | None = None
        target = self.call("Target.createTarget", url="about:blank")
        attached = self.call("Target.attachToTarget", targetId=target["targetId"], flatten=True)
        self._session = str(attached["sessionId"])

    def call(self, method: str, **parameters: Any) -> dict[str, Any]:
        """What the browser answers."""
        number = next(self._numbers)
        message = {"id": number, "method": method, "params": parameters}
        if self._session is not None:
            message["sessionId"] = self._session
        try:
            self._web_socket.send(json.dumps(message))
            while True:
                answer = json.loads(self._web_socket.receive())
                if answer.get("id") == number:
                    break
        except (OSError, ValueError) as error:
            raise ToolError(f"the browser gave no answer to {method}: {error}") from error
        if "error" in answer:
            raise ToolError(f"the browser refused {method}: {answer['error'].get('message', 'no reason')}")
        result: dict[str, Any] = answer["result"]
        return result

    def evaluate(self, script: str) -> Any:
        """The value of an expression, once its promise is kept. Raises ToolError with what the page threw."""
        found = self.call("Runtime.evaluate", expression=script, awaitPromise=True, returnByValue=True)
        if thrown := found.get("exceptionDetails"):
            text = thrown.get("exception", {}).get("description") or thrown.get("text", "no reason")
            raise ToolError(f"the page that draws screens failed: {str(text).splitlines()[0]}")
        return found["result"].get("value")


def require_chromium(environ: Mapping[str, str]) -> Path:
    """The browser that draws. Raises ToolError where there is none."""
    if named := environ.get(BROWSER_VARIABLE):
        if not Path(named).is_file():
            raise ToolError(f"{BROWSER_VARIABLE} names {named}, which is not there")
        return Path(named)
    found = find_browser("chrome", environ) or find_browser("edge", environ)
    if found is None:
        raise ToolError(
            "pictures are drawn by Chromium, Chrome or Edge, and none of them is installed here",
            hint=f"Install one, or name it in {BROWSER_VARIABLE}.",
        )
    return found


@contextmanager
def open_page(environ: Mapping[str, str]) -> Iterator[BrowserPage]:
    """An empty page in a browser of its own, which ends with the context. Raises ToolError when there is none."""
    program = require_chromium(environ)
    with tempfile.TemporaryDirectory(prefix="miniprogram-browser-", ignore_cleanup_errors=True) as folder:
        # a browser that runs as root shows nothing with its sandbox; what it is to draw is the author's own
        as_root = ["--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []
        argv = [str(program), *_ARGUMENTS, *as_root, f"--user-data-dir={folder}", "about:blank"]
        log = Path(folder) / "stderr"
        with log.open("wb") as stderr:
            try:
                child = subprocess.Popen(
                    argv, env=dict(environ), stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=stderr
                )
            except OSError as error:
                raise ToolError(f"{program} cannot be started: {error.strerror or error}") from error
        try:
            port, path = _address(child, Path(folder) / "DevToolsActivePort", program, log)
            try:
                web_socket = WebSocket(port, path, timeout_s=ANSWER_WAIT_S)
            except OSError as error:
                raise ToolError(f"{program} cannot be asked to draw: {error}") from error
            try:
                yield BrowserPage(web_socket)
            finally:
                web_socket.close()
        finally:
            child.terminate()
            try:
                child.wait(5)
            except subprocess.TimeoutExpired:
                child.kill()
                child.wait()


def _address(child: subprocess.Popen[bytes], file: Path, program: Path, log: Path) -> tuple[int, str]:
    """Port and path of the browser's own WebSocket, which it writes into a file once it listens."""
    deadline = time.monotonic() + START_WAIT_S
    while time.monotonic() < deadline:
        if file.is_file() and len(lines := file.read_text().splitlines()) == 2:
            return int(lines[0]), lines[1]
        if child.poll() is not None:
            said = [line for line in log.read_text(errors="replace").splitlines() if line.strip()]
            raise ToolError(f"{program} ended at once: {said[-1] if said else 'without a word'}")
        time.sleep(0.02)
    raise ToolError(f"{program} did not start within {START_WAIT_S:g} s")
