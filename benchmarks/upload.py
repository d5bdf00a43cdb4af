"""U1, U2: how long a release of 2,000 small files takes into S3, and what it costs when nothing changed.

The store is a stand-in on this machine whose requests take 25 ms each, as those of S3 in another town do. Each way
runs as a process of its own, from an empty bucket, in turn: our publish, `aws s3 sync`, and boto3 in 16 threads.
"""

from __future__ import annotations

import json
import os
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.request import urlopen

from interleaved import show

if TYPE_CHECKING:
    from collections.abc import Iterator

FILES = 2000
FILE_BYTES = 4096
SERVICE_MS = 25
ROUNDS = 3
BOTO3_THREADS = 16
AWS = Path(__file__).parents[1] / ".testbed" / "awscli" / "bin" / "aws"


def main() -> None:
    with tempfile.TemporaryDirectory() as name, stand_in() as url:
        folder = Path(name)
        for number in range(FILES):
            (folder / f"{number:04}.json").write_bytes(os.urandom(FILE_BYTES // 2).hex().encode())
        aws = shutil.which("aws") or (str(AWS) if AWS.exists() else None)
        ways = {
            "ours": [sys.executable, __file__, "ours", name, url],
            "boto3": [sys.executable, __file__, "boto3", name, url],
            **({"aws": [aws, "s3", "sync", "--quiet", name]} if aws else {}),
        }
        took: dict[str, list[float]] = {way: [] for way in ways}
        for number in range(ROUNDS):
            for way, argv in ways.items():
                bucket = f"{way}-{number}"
                last = f"s3://{bucket}/" if way == "aws" else bucket
                took[way].append(_timed([*argv, last], url))
        _report(took, url, name, aws is not None)


def _report(took: dict[str, list[float]], url: str, folder: str, has_aws: bool) -> None:
    median = {way: statistics.median(seconds) for way, seconds in took.items()}
    note = f"{median['ours']:.2f} s"
    if has_aws:
        show("U1 publish 2,000 x 4 KiB / aws s3 sync", median["ours"] / median["aws"], "<= 0.15", note)
    else:
        print("U1 against aws s3 sync is left out: `make .testbed/awscli/.ready` installs it")
    show(
        f"U1 publish 2,000 x 4 KiB / boto3 in {BOTO3_THREADS} threads", median["ours"] / median["boto3"], "-", note
    )
    counted(url)
    _timed([sys.executable, __file__, "ours", folder, url, "ours-0"], url)
    again = counted(url)
    show("U2 nothing changed: PUTs", again.get("PUT", 0), "0")
    show("U2 nothing changed: requests", sum(again.values()), "<= 2")


def _timed(argv: list[str], url: str) -> float:
    environ = {**os.environ, "AWS_ENDPOINT_URL": url, "AWS_ACCESS_KEY_ID": "a", "AWS_SECRET_ACCESS_KEY": "b"}
    environ.pop("PYTHONDONTWRITEBYTECODE", None)  # whoever compiles anew each time measures that
    environ |= {"AWS_DEFAULT_REGION": "eu-west-1", "AWS_EC2_METADATA_DISABLED": "true"}
    started = time.perf_counter()
    subprocess.run(argv, env=environ, check=True)
    return time.perf_counter() - started


@contextmanager
def stand_in() -> Iterator[str]:
    """The server, until the block ends."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    script = Path(__file__).parent / "peers" / "s3_standin.py"
    server = subprocess.Popen([sys.executable, str(script), str(port), str(SERVICE_MS)])
    try:
        for _ in range(100):
            try:
                counted(f"http://127.0.0.1:{port}")
                break
            except OSError:
                time.sleep(0.05)
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait(timeout=10)


def counted(url: str) -> dict[str, int]:
    """Requests by method since the last call."""
    with urlopen(f"{url}/-/count", timeout=5) as answer:
        found: dict[str, int] = json.load(answer)
        return found


def publish_ours(folder: Path, bucket: str) -> None:
    """What `publish --target cloud` does once the mini-program is built."""
    from miniprogram.packages.bundle import Bundle, BundleFile
    from miniprogram.packages.manifest import Manifest
    from miniprogram.publish.layouts.cloud import CloudLocation, cloud_layout
    from miniprogram.publish.to_store import publish_to_store
    from miniprogram.seams.cloud_provider import ProviderContext
    from miniprogram.seams.publish_target import Release
    from miniprogram.strict_json import to_pretty_json
    from miniprogram_aws.provider import AwsProvider
    from miniprogram_aws.settings import AwsSettings

    document = {
        "id": "shop",
        "version": "1.0.0",
        "entry": "0000",
        "contractVersion": "1.0.0",
        "sdkVersionRange": ">=1.0.0 <2.0.0",
        "requiredCapabilities": [],
    }
    files = [BundleFile.of("manifest.json", to_pretty_json(document))]
    files += [BundleFile.of(f"screens/{path.name}", path.read_bytes()) for path in sorted(folder.iterdir())]
    bundle = Bundle.of(Manifest.model_validate(document), files)
    settings = AwsSettings(bucket=bucket, region="eu-west-1")
    provider = AwsProvider(settings, ProviderContext("prod", folder, folder, os.environ))
    location = CloudLocation("aws", "prod", bucket, "eu-west-1")
    publish_to_store(provider.store(), cloud_layout(Release(bundle, datetime.now(UTC)), location))


def upload_with_boto3(folder: Path, bucket: str) -> None:
    import boto3
    from botocore.config import Config

    s3 = boto3.client("s3", config=Config(max_pool_connections=BOTO3_THREADS, s3={"addressing_style": "path"}))

    def put(path: Path) -> None:
        s3.put_object(Bucket=bucket, Key=f"screens/{path.name}", Body=path.read_bytes())

    with ThreadPoolExecutor(BOTO3_THREADS) as pool:
        list(pool.map(put, sorted(folder.iterdir())))


if __name__ == "__main__":
    if len(sys.argv) == 5:
        upload = {"ours": publish_ours, "boto3": upload_with_boto3}[sys.argv[1]]
        upload(Path(sys.argv[2]), sys.argv[4])
    else:
        main()
