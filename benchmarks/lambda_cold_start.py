"""The delivery function on Lambda: cold import, archive size, store reads and time of a warm request.

The archive is unpacked and run in an empty environment. The SDK that Lambda provides is shown beside it: it costs
the same for every function.
"""

from __future__ import annotations

import io
import json
import statistics
import sys
import tempfile
import time
import venv
import zipfile
from pathlib import Path
from typing import Any

import botocore
from interleaved import ratio, show

from miniprogram.delivery.documents.profile import cloud_profile
from miniprogram.delivery.documents.remote_source import Freshness, RemoteSource
from miniprogram.delivery.function.delivery_function import DeliveryFunction
from miniprogram.delivery.function.request_log import RequestLog
from miniprogram_aws.deployment.delivery_archive import delivery_archive
from miniprogram_aws.function.lambda_handler import answer
from miniprogram_aws.function.s3_objects import MAX_OBJECT_BYTES, S3Objects

HERE = (sys.version_info[0], sys.version_info[1])
ELSEWHERE = (3, 99)
REQUESTS = 20_000
OBJECTS: dict[str, Any] = {
    "metadata/catalog/shop.json": {"releaseKey": "metadata/releases/shop/1.0.0.json", "latestVersion": "1.0.0"},
    "metadata/releases/shop/1.0.0.json": {"artifacts": {"manifestKey": "artifacts/shop/1.0.0/manifest.json"}},
    "artifacts/shop/1.0.0/manifest.json": {"id": "shop", "version": "1.0.0", "entry": "home"},
}


def main() -> None:
    cold_start()
    warm_requests()


def cold_start() -> None:
    compiled, plain = delivery_archive(HERE), delivery_archive(ELSEWHERE)
    sdk = Path(botocore.__file__).parents[1]
    with tempfile.TemporaryDirectory() as folder:
        python = empty_environment(Path(folder, "python"))
        bare = [python, "-I", "-c", "pass"]
        for archive, name in ((compiled, "compiled"), (plain, "plain")):
            zipfile.ZipFile(io.BytesIO(archive.body)).extractall(Path(folder, name))
        show(
            "import of the handler / python -c pass",
            ratio(importing(python, Path(folder, "compiled")), bare),
            "<= 3",
        )
        read_only = ratio(importing(python, Path(folder, "plain")), bare)
        show("  without compiled modules in the archive", read_only, "-")
        show("  re, json, hashlib and typing alone", ratio(importing_the_library(python), bare), "-")
        whole = ratio(importing(python, Path(folder, "compiled"), sdk), bare, runs=15)
        show("  with the SDK and a client", whole, "-")
        show("  the SDK and a client alone", ratio(importing_the_sdk(python, sdk), bare, runs=15), "-")
    show("archive with compiled modules, KiB", len(compiled.body) / 1024, "-")
    show("archive of sources, KiB", len(plain.body) / 1024, "-")


def empty_environment(folder: Path) -> str:
    """An interpreter with nothing installed: what lies in a developer's own would be started with it."""
    venv.create(folder, with_pip=False, symlinks=sys.platform != "win32")
    return str(folder / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python"))


def importing(python: str, task: Path, sdk: Path | None = None) -> list[str]:
    """Writes no bytecode: a function's folder is read-only. With `sdk`, the function also opens its client."""
    search_path = [str(task), *([str(sdk)] if sdk else [])]
    opened = "; from miniprogram_aws.function.s3_objects import open_s3; open_s3()" if sdk else ""
    region = "import os; os.environ['AWS_DEFAULT_REGION'] = 'eu-west-1'; "
    path = f"import sys; sys.path[:0] = {search_path!r}; "
    program = f"{region}{path}import miniprogram_aws.function.lambda_handler{opened}"
    return [python, "-I", "-B", "-c", program]


def importing_the_library(python: str) -> list[str]:
    """What of the standard library the engine cannot do without: no import of the function can be quicker."""
    return [python, "-I", "-B", "-c", "import re, json, hashlib, typing"]


def importing_the_sdk(python: str, sdk: Path) -> list[str]:
    program = f"import sys; sys.path.insert(0, {str(sdk)!r}); from botocore.session import get_session; "
    program += "get_session().create_client('s3', region_name='eu-west-1')"
    return [python, "-I", "-B", "-c", program]


class MemoryClient:
    """An S3 client over OBJECTS that counts its calls."""

    def __init__(self) -> None:
        from botocore.exceptions import ClientError

        self.reads = 0
        self._missing = ClientError({"Error": {"Code": "NoSuchKey", "Message": ""}}, "GetObject")

    def get_object(self, **asked: str) -> dict[str, Any]:
        self.reads += 1
        found = OBJECTS.get(asked["Key"])
        if found is None:
            raise self._missing
        body = json.dumps(found).encode()
        return {"Body": io.BytesIO(body), "ContentLength": len(body), "ETag": '"1"'}


def warm_requests() -> None:
    """At a hundred requests a second, as far as the age of pointers is concerned."""
    client, now = MemoryClient(), [0.0]
    objects = S3Objects(client, "shop")
    source = RemoteSource(objects, Freshness(), max_bytes=MAX_OBJECT_BYTES, clock=lambda: now[0])
    function = DeliveryFunction(source, cloud_profile(), RequestLog("ERROR"))
    http = {"method": "GET", "sourceIp": "192.0.2.1"}
    event = {
        "rawPath": "/prod/api/manifests/shop/latest.json",
        "rawQueryString": "hostApp=super_app&sdkVersion=1.2.0&hostVersion=2.0.0&capabilities=analytics%2Cauth",
        "headers": {"accept-encoding": "gzip", "host": "a1.execute-api.eu-west-1.amazonaws.com"},
        "requestContext": {"http": http, "stage": "prod"},
    }
    answer(function, event)
    most, times = 0, []
    first = client.reads
    for _ in range(REQUESTS):
        now[0] += 0.01
        before, started = client.reads, time.perf_counter_ns()
        answer(function, event)
        times.append(time.perf_counter_ns() - started)
        most = max(most, client.reads - before)
    cuts = statistics.quantiles(times, n=100)
    show("store reads of the first request", first, "-")
    show("store reads of a warm request, at most", most, "<= 1", "the reference reads 4 each time")
    show("store reads of a warm request, on average", (client.reads - first) / REQUESTS, "-")
    show("warm request in process, p50 in µs", cuts[49] / 1000, "-")
    show("warm request in process, p99 in µs", cuts[98] / 1000, "-")


if __name__ == "__main__":
    main()
