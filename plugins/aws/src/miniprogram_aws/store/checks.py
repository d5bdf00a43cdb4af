"""What `cloud doctor` looks at in the store: sign-in, bucket, region, versions, preconditions."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from miniprogram.errors import MiniProgramError
from miniprogram.seams.checks import Check
from miniprogram_aws.sdk.client import AwsClients
from miniprogram_aws.sdk.emulator import is_aws
from miniprogram_aws.sdk.errors import mapped
from miniprogram_aws.settings import AwsSettings
from miniprogram_aws.store.bucket import Bucket


def store_checks(settings: AwsSettings, clients: AwsClients) -> Iterator[Check]:
    """Each on its own, so that one report shows all that is wrong; none raises."""
    signed_in = _checked("AWS sign-in", lambda: _sign_in(clients))
    yield signed_in
    if signed_in.status == "error":
        yield Check("Bucket", "skipped", "needs a sign-in")
        yield Check("Bucket versions", "skipped", "needs a sign-in")
        return
    found = _checked("Bucket", lambda: _bucket(settings, clients))
    yield found
    if found.status == "error":
        yield Check("Bucket versions", "skipped", "needs the bucket")
        return
    if settings.require_versions:
        yield _checked("Bucket versions", lambda: _versions(settings, clients))
    else:
        yield Check("Bucket versions", "warning", "not asked for: an overwritten document cannot be got back")
    if not is_aws(clients.endpoint_url("s3")):
        yield _other_server(settings, clients)


def _checked(label: str, look: Callable[[], str]) -> Check:
    try:
        return Check(label, "ok", look())
    except MiniProgramError as error:
        return Check(label, "error", str(error), error.hint)


def _sign_in(clients: AwsClients) -> str:
    with mapped("ask AWS who is signed in", resource="AWS", region=clients.region):
        identity = clients.client("sts").get_caller_identity()
    kind, _, name = identity["Arn"].split(":")[5].partition("/")
    return f"signed in as {kind} {name.split('/')[0]}".rstrip()


def _bucket(settings: AwsSettings, clients: AwsClients) -> str:
    return f"{settings.bucket} in {Bucket.of(settings, clients).require_here()}"


def _versions(settings: AwsSettings, clients: AwsClients) -> str:
    Bucket.of(settings, clients).require_versions()
    return "every overwritten object is kept"


def _other_server(settings: AwsSettings, clients: AwsClients) -> Check:
    where = clients.endpoint_url("s3")
    if settings.single_writer:
        return Check("Preconditions", "warning", f"single-writer mode: only one person may publish to {where}")
    return Check("Preconditions", "ok", f"tried on {where} before each first write")
