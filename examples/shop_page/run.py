"""A shop page that shows two mini-programs of two delivery services: one asks for a key, one runs in a frame.

    python examples/shop_page/run.py            # opens the page in this machine's browser
    python examples/shop_page/run.py -d none    # prints its address only

Every step is a command as you would type it. Works in a temporary folder with a HOME of its own, and leaves
nothing running.
"""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

HERE = Path(__file__).resolve().parent


class Shop:
    """What is made of the example in `folder`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.page = folder / "page"
        self.environ = {**os.environ, "HOME": str(folder / "home")}
        (folder / "home").mkdir()
        for name in ("page", "coupons", "delivery_times"):
            shutil.copytree(HERE / name, folder / name)

    @contextmanager
    def delivering(self) -> Iterator[None]:
        """Both programs published and served until the context ends, and the page made their host."""
        ours, courier = free_port(), free_port()
        try:
            coupons, key = self._deliver_with_keys(ours)
            times = self._deliver_to_everybody(courier)
            self._embed(coupons, key, times)
            yield
        finally:
            self.run("cloud", "destroy", "--yes", cwd="coupons", check=False)
            self.run("backend", "stop", cwd="delivery_times", check=False)

    def _deliver_with_keys(self, port: int) -> tuple[str, str]:
        """The address of the shop's own delivery service, and the page's key to its coupons."""
        self.run("env", "init", cwd="coupons")
        store = ["--store", str(self.folder / "store"), "--port", str(port)]
        self.run("env", "configure", "shop", "--provider", "filesystem", *store, cwd="coupons")
        self.run("env", "use", "shop", cwd="coupons")
        self.run("cloud", "deploy", cwd="coupons")
        self.run("publish", "--target", "cloud", cwd="coupons")
        created = self.run("access-key", "create", "coupons", "--key-id", "page", "--json", cwd="coupons")
        return f"http://127.0.0.1:{port}/api", json.loads(created)["key"]

    def _deliver_to_everybody(self, port: int) -> str:
        """The address of the courier's delivery service."""
        self.run("backend", "init", cwd="delivery_times")
        self.run("publish", "--target", "local", cwd="delivery_times")
        self.run("backend", "start", "--port", str(port), cwd="delivery_times")
        return f"http://127.0.0.1:{port}/api"

    def _embed(self, coupons: str, key: str, times: str) -> None:
        self.run("embed", "init", "--host-app-id", "corner_roastery", "--host-version", "1.0.0", cwd="page")
        (self.page / "mini_program" / "host.js").write_text(
            "export { host, moreCapabilities, theme } from '../shop_host.js';\n"
        )
        self.run("host", "endpoint", "add", "coupons", "--api-base-url", coupons, "--access-key", key, cwd="page")
        self.run(
            "host",
            "endpoint",
            "add",
            "delivery_times",
            "--title",
            "Delivery",
            "--api-base-url",
            times,
            "--public",
            cwd="page",
        )

    def run(self, *argv: str, cwd: str, check: bool = True) -> str:
        """What the command printed."""
        print(f"$ miniprogram {' '.join(_without_key(argv))}", flush=True)
        done = subprocess.run(
            [sys.executable, "-m", "miniprogram", *argv],
            cwd=self.folder / cwd,
            env=self.environ,
            check=False,
            capture_output=True,
            text=True,
        )
        if check and done.returncode:
            raise SystemExit(f"miniprogram {argv[0]} failed with exit code {done.returncode}: {done.stderr}")
        return done.stdout


def _without_key(argv: tuple[str, ...]) -> list[str]:
    return ["…" if index and argv[index - 1] == "--access-key" else word for index, word in enumerate(argv)]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


def main(device: str) -> None:
    with tempfile.TemporaryDirectory(prefix="miniprogram-shop-") as folder:
        shop = Shop(Path(folder))
        with shop.delivering():
            argv = [sys.executable, "-m", "miniprogram", "host", "run", "-d", device]
            subprocess.run(argv, cwd=shop.page, env=shop.environ, check=False)


if __name__ == "__main__":
    try:
        main(sys.argv[sys.argv.index("-d") + 1] if "-d" in sys.argv[:-1] else "web")
    except KeyboardInterrupt:
        raise SystemExit(130) from None
