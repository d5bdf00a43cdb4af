"""The alias of the delivery function that hosts reach, and the published versions it stands for.

A stack changes `$LATEST` only. What hosts get is a published version, code and settings alike, which nothing
changes any more: so a deploy that breaks off, at whatever step, leaves hosts with what they had.
"""

from __future__ import annotations

import json
from base64 import b64encode
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Any

from miniprogram.provider_kit.gradual_shift import Traffic
from miniprogram_aws.sdk.errors import mapped
from miniprogram_aws.stacks.stacks import StackError
from miniprogram_s3.sdk_failures import code_of

if TYPE_CHECKING:
    from mypy_boto3_lambda import LambdaClient

    from miniprogram_aws.sdk.client import AwsClients

ALIAS = "live"
LATEST = "$LATEST"
"""What is not published yet; a new alias stands for it until the first version is."""
_HEALTH_REQUEST = {
    "version": "2.0",
    "rawPath": "/health",
    "rawQueryString": "",
    "headers": {},
    "requestContext": {"http": {"method": "GET", "path": "/health", "sourceIp": ""}, "stage": "$default"},
    "isBase64Encoded": False,
}


class LiveAlias:
    """Implements Versions for `function`. Every method raises StackError when AWS refuses or cannot be reached."""

    def __init__(self, clients: AwsClients, function: str) -> None:
        self._clients, self.function = clients, function

    def traffic(self) -> Traffic:
        with self._mapped("read which version is live of"):
            found: Any = self._lambda.get_alias(FunctionName=self.function, Name=ALIAS)
        weights = found.get("RoutingConfig", {}).get("AdditionalVersionWeights") or {}
        version = None if found["FunctionVersion"] == LATEST else found["FunctionVersion"]
        for candidate, share in weights.items():
            return Traffic(version, candidate, round(float(share) * 100))
        return Traffic(version)

    def send(self, traffic: Traffic) -> None:
        weights = {} if traffic.candidate is None else {traffic.candidate: traffic.percent / 100}
        with self._mapped("change which version is live of"):
            self._lambda.update_alias(
                FunctionName=self.function,
                Name=ALIAS,
                FunctionVersion=traffic.version or LATEST,
                RoutingConfig={"AdditionalVersionWeights": weights},
            )

    def publish(self, code_digest: str) -> str:
        """The version that holds what was deployed; the one there is when nothing changed since.

        `code_digest` is the SHA-256 of the archive, in hexadecimal. Raises StackError when somebody deployed
        other code meanwhile.
        """
        with self._mapped("publish a version of"):
            try:
                made = self._lambda.publish_version(
                    FunctionName=self.function, CodeSha256=b64encode(bytes.fromhex(code_digest)).decode()
                )
            except Exception as error:
                if code_of(error) in {"InvalidParameterValueException", "PreconditionFailedException"}:
                    raise StackError(
                        "somebody else deployed other code meanwhile", hint="Run the same command again."
                    ) from None
                raise
            version = made["Version"]
            self._lambda.get_waiter("published_version_active").wait(
                FunctionName=self.function, Qualifier=version, WaiterConfig={"Delay": 1, "MaxAttempts": 120}
            )
        return version

    def try_out(self, version: str) -> str | None:
        """Behind a CDN it refuses, not knowing who asks, and has started all the same."""
        with self._mapped("try out"):
            answer = self._lambda.invoke(
                FunctionName=self.function, Qualifier=version, Payload=json.dumps(_HEALTH_REQUEST).encode()
            )
            said = answer["Payload"].read()
        found = _document(said)
        if answer.get("FunctionError"):
            return f"it breaks off: {found.get('errorType') or 'unknown'}"
        status = found.get("statusCode")
        if not isinstance(status, int):
            return "its answer is none of a delivery function"
        return f"it answers {status}" if status >= 500 else None

    def forget_all_but(self, remaining: set[str]) -> None:
        """Their code counts against the account's limit."""
        with self._mapped("remove old versions of"):
            pages = self._lambda.get_paginator("list_versions_by_function").paginate(FunctionName=self.function)
            versions = [row["Version"] for page in pages for row in page["Versions"]]
            for version in versions:
                if version != LATEST and version not in remaining:
                    self._lambda.delete_function(FunctionName=self.function, Qualifier=version)

    def is_deployed_code_live(self) -> bool:
        """Whether hosts get the code that was deployed last."""
        with self._mapped("look at"):
            deployed = self._lambda.get_function_configuration(FunctionName=self.function)
            live = self._lambda.get_function_configuration(FunctionName=self.function, Qualifier=ALIAS)
        return deployed["CodeSha256"] == live["CodeSha256"]

    @property
    def _lambda(self) -> LambdaClient:
        return self._clients.client("lambda")

    def _mapped(self, doing: str) -> AbstractContextManager[None]:
        resource = f"the function {self.function}"
        return mapped(f"{doing} {resource}", resource=resource, region=self._clients.region, failure=StackError)


def _document(payload: bytes) -> dict[str, Any]:
    try:
        found = json.loads(payload)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}
