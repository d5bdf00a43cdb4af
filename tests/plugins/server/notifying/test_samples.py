"""What the page shows to receivers accepts what is really sent, and nothing else."""

from __future__ import annotations

import base64
import json
import re
import shutil
import subprocess
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from miniprogram.identity.subscription import NOTICE_WORDS
from miniprogram.notices.attempts import DELAYS
from miniprogram.notices.signing import new_secret
from plugins.server.notifying.receiver import Receiver
from plugins.server.notifying.test_webhook import SECRETS, sent_to

PAGE = (Path(__file__).parents[4] / "docs/howto/be-told.md").read_text("utf-8")
Verify = Callable[[str, dict[str, str], bytes], bool]


def sample(language: str) -> str:
    (text,) = re.findall(rf"```{language}\n(.*?)```", PAGE, re.DOTALL)
    return str(text)


def in_python() -> Verify:
    names: dict[str, Any] = {}
    exec(sample("python"), names)
    verify: Verify = names["verify"]
    return verify


def in_javascript(folder: Path) -> Verify:
    (folder / "verify.mjs").write_text(sample("javascript"))
    (folder / "run.mjs").write_text(
        'import { verify } from "./verify.mjs"; import { readFileSync } from "node:fs";\n'
        'const [secret, headers, body] = JSON.parse(readFileSync(0, "utf8"));\n'
        'console.log(verify(secret, headers, Buffer.from(body, "base64")));\n'
    )
    node = shutil.which("node")
    assert node is not None, "Node runs the sample: install it"

    def verify(secret: str, headers: dict[str, str], body: bytes) -> bool:
        given = json.dumps([secret, headers, base64.b64encode(body).decode()])
        done = subprocess.run(
            [node, str(folder / "run.mjs")], input=given, capture_output=True, text=True, check=True, timeout=30
        )
        return {"true": True, "false": False}[done.stdout.strip()]

    return verify


@pytest.mark.parametrize("language", ["python", "javascript"])
def test_the_sample_takes_what_is_sent_and_refuses_what_was_changed(
    language: str, receiver: Receiver, tmp_path: Path
) -> None:
    verify = in_python() if language == "python" else in_javascript(tmp_path)
    now = datetime.fromtimestamp(time.time(), UTC)
    sent_to(receiver.url, now=datetime(2030, 1, 2, 12, 30, tzinfo=UTC))
    sent_to(receiver.url, now=now)
    old, got = receiver.received

    assert verify(SECRETS[0], got.headers, got.body)
    assert verify(SECRETS[1], got.headers, got.body), "while the secret is being replaced"
    assert not verify(new_secret(), got.headers, got.body)
    assert not verify(SECRETS[0], got.headers, got.body + b" ")
    assert not verify(SECRETS[0], {**got.headers, "webhook-id": "msg_2"}, got.body)
    later = str(int((now + timedelta(seconds=1)).timestamp()))
    assert not verify(SECRETS[0], {**got.headers, "webhook-timestamp": later}, got.body)
    assert not verify(SECRETS[0], old.headers, old.body), "of another year"


def test_the_page_lists_every_event_in_the_words_of_the_code() -> None:
    rows = dict(re.findall(r"^\| `([a-z._]+)` \| (.+?) \|$", PAGE, re.MULTILINE))

    assert list(rows) == list(NOTICE_WORDS)
    same = set(NOTICE_WORDS) - {"token.expires", "notice.test"}
    assert {name: rows[name] for name in same} == {name: NOTICE_WORDS[name] for name in same}


def test_the_page_says_when_it_is_tried_again() -> None:
    assert [each.total_seconds() for each in DELAYS] == [5, 30, 120, 600, 1800, 3600, 7200, 14400, 28800, 28800]
    assert "after 5 and 30 seconds, 2, 10 and 30 minutes, and 1, 2, 4, 8 and 8 hours" in PAGE
