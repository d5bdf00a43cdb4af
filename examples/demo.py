"""The main job from end to end, as `make demo` runs it: every step is a real command or a real HTTP request.

Works in a temporary folder with a HOME of its own, and leaves nothing running.
"""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlencode
from urllib.request import ProxyHandler, build_opener

EXAMPLES = Path(__file__).resolve().parent
PROGRAMS = ("profile_center", "feedback_form")
HOSTS: Mapping[str, Mapping[str, str]] = {
    "super_app_host 2.3.0 on android": {
        "hostApp": "super_app_host",
        "hostVersion": "2.3.0",
        "sdkVersion": "1.4.0",
        "platform": "android",
        "locale": "en-GB",
        "capabilities": "analytics,native_navigation,secure_api",
    },
    "partner_host 1.4.0 on web": {
        "hostApp": "partner_host",
        "hostVersion": "1.4.0",
        "sdkVersion": "1.2.0",
        "platform": "web",
        "locale": "de",
        "capabilities": "analytics,native_navigation",
    },
}


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="miniprogram-demo-") as folder:
        demo = Demo(Path(folder))
        demo.create_and_publish()
        demo.publish_examples()
        with demo.running_backend() as api:
            demo.ask_as_hosts(api)
    heading("Done: the backend is stopped and the folder is gone.")


class Demo:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.backend = folder / "backend"
        self.environ = {**os.environ, "HOME": str(folder / "home")}
        (folder / "home").mkdir()

    def create_and_publish(self) -> None:
        heading("A new mini-program, from nothing to published")
        program = self.folder / "coupon_center"
        self.run("create", "coupon_center", "--title", "Coupon Center", cwd=self.folder)
        self.run("backend", "init", "--root", str(self.backend), cwd=self.folder)
        for command in (["build"], ["validate"], ["publish"]):
            self.run(*command, cwd=program)
        self.run("publish", "--target", "static", "--output", str(self.folder / "site"), cwd=program)

    def publish_examples(self) -> None:
        heading("Two mini-programs with real screens, two versions each, with rollout rules")
        for program in PROGRAMS:
            for version in ("1.0.0", "1.1.0"):
                copy = self.folder / program / version
                shutil.copytree(EXAMPLES / program / version, copy)
                self.run("publish", "--target", "local", cwd=copy)
        shutil.copytree(EXAMPLES / "delivery", self.backend / "backend" / "api", dirs_exist_ok=True)
        for program in PROGRAMS:
            self.run("validate", cwd=self.folder / program / "1.1.0")

    @contextmanager
    def running_backend(self) -> Iterator[str]:
        heading("The delivery server")
        port = free_port()
        try:
            self.run("backend", "start", "--port", str(port), cwd=self.folder)
            yield f"http://127.0.0.1:{port}/api/"
        finally:
            self.run("backend", "stop", cwd=self.folder)

    def ask_as_hosts(self, api: str) -> None:
        heading("What two hosts get, and why")
        for program in PROGRAMS:
            for host, context in HOSTS.items():
                answer = get_json(f"{api}debug/manifests/{program}/decision?{urlencode(context)}")
                print(f"{program} for {host}:")
                for line in explain(answer):
                    print(f"    {line}")
        catalogue = get_json(f"{api}discovery/mini-programs?{urlencode(HOSTS['partner_host 1.4.0 on web'])}")
        offered = ", ".join(f"{entry['id']} {entry['resolvedVersion']}" for entry in catalogue["entries"])
        print(f"partner_host is offered: {offered or 'nothing'}")

    def run(self, *argv: str, cwd: Path) -> None:
        print(f"$ miniprogram {' '.join(argv)}")
        command = [sys.executable, "-m", "miniprogram", *argv]
        done = subprocess.run(
            command,
            cwd=cwd,
            env=self.environ,
            check=False,
            text=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )
        for line in done.stdout.splitlines():
            print(f"    {line}")
        if done.returncode:
            raise SystemExit(f"miniprogram {argv[0]} failed with exit code {done.returncode}")


def explain(answer: Mapping[str, object]) -> Iterator[str]:
    """The outcome of a decision inspection in a few lines."""
    decision, rejection = answer.get("decision"), answer.get("rejection")
    if isinstance(rejection, dict):
        yield f"refused with {rejection['statusCode']} {rejection['errorCode']}: {rejection['message']}"
    elif isinstance(decision, dict):
        rule = decision.get("matchedRuleId")
        by_rule = f" ({rule})" if rule else ""
        yield f"version {decision['resolvedVersion']}: {decision['decisionReason']}{by_rule}"
    rollout = answer["rollout"]
    assert isinstance(rollout, dict)
    for rule in rollout["rules"]:
        reasons = ", ".join(rule.get("mismatchReasons", ()))
        yield f"  rule {rule['id']} -> {rule['version']}: " + (f"skipped ({reasons})" if reasons else "matches")


def get_json(url: str) -> dict[str, object]:
    with build_opener(ProxyHandler({})).open(url, timeout=10) as answer:
        document: dict[str, object] = json.load(answer)
    return document


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


def heading(text: str) -> None:
    print(f"\n== {text}")


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        raise SystemExit(130) from None
