"""What a cloud's SDK raises, said as one sentence a person can act on: a table of the plugin's, read here.

    ERRORS = SdkErrors(
        read=read_failure,          # an exception of the SDK as a Failure; None for anybody else's
        rules=(
            when({"ExpiredToken"}, "the sign-in has expired", "Sign in again, then run the same command."),
            when({"NoSuchBucket"}, "{resource} does not exist", "Correct --bucket."),
            *after_tries("Acme Cloud"),
        ),
        redact=Redaction(),
    )

    with ERRORS.mapped("read acme://shop/a.json", resource="the bucket shop", failure=StoreError):
        client.get("a.json")

Ids of accounts, keys and requests never get into a message: what a service says is passed on only where no rule
knows better, and redacted.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from miniprogram.errors import MiniProgramError


@dataclass(frozen=True, slots=True)
class Failure:
    """A call that failed. `code` is the service's error code, else the name of the SDK's exception.

    `status` is 0 when there was no response. `operation` as `PutObject`; `message` as the service sent it, unsafe
    to show. `region` is where the service says the resource is; `endpoint` is scheme and host of an address that
    did not answer.
    """

    code: str
    status: int = 0
    operation: str = ""
    message: str = ""
    region: str | None = None
    endpoint: str | None = None


@dataclass(frozen=True, slots=True)
class Subject:
    """What a call was about. `resource` is what a permission is for: "the bucket shop"; `region` may be empty."""

    resource: str
    region: str = ""


Explanation = tuple[str, str | None]
"""Why it failed, to stand after a colon, and a whole sentence about what helps."""

Rule = Callable[[Failure, Subject], Explanation | None]
"""Explains a failure, or says None for one it knows nothing of."""

ReadFailure = Callable[[Exception], Failure | None]


def when(codes: Collection[str], why: str, hint: str | None = None, *, statuses: Collection[int] = ()) -> Rule:
    """The rule for error codes, or HTTP statuses. `{resource}`, `{region}` and `{code}` may stand in texts."""

    def rule(found: Failure, subject: Subject) -> Explanation | None:
        if found.code not in codes and found.status not in statuses:
            return None
        named = {"resource": subject.resource, "region": subject.region, "code": found.code}
        return why.format(**named), None if hint is None else hint.format(**named)

    return rule


def after_tries(
    service: str,
    *,
    throttled: Collection[str] = (),
    unreachable: Collection[str] = (),
    check: str = "Check the network.",
) -> tuple[Rule, ...]:
    """Rules for what SDKs try again by themselves, and what is left when that was in vain. They belong last.

    `service` is what people call it. `throttled` and `unreachable` are error codes besides the usual statuses.
    """

    def silent(found: Failure, subject: Subject) -> Explanation | None:
        del subject
        if found.code not in unreachable:
            return None
        where = f" at {found.endpoint}" if found.endpoint else ""
        return f"{service} cannot be reached{where}", check

    return (
        when(
            throttled,
            f"{service} asks to slow down, even after several tries",
            "Wait a minute and run the same command again.",
            statuses=(429,),
        ),
        silent,
        when(
            (),
            f"{service} failed, even after several tries",
            "Run the same command again; it goes on where it stopped.",
            statuses=range(500, 600),
        ),
    )


@dataclass(frozen=True)
class SdkErrors:
    """The errors of an SDK. Of `rules` the first that knows a failure explains it.

    `default` is the class of the errors, unless a call says another.
    """

    read: ReadFailure
    rules: Sequence[Rule]
    redact: Callable[[str], str]
    default: type[MiniProgramError] = MiniProgramError

    @contextmanager
    def mapped(
        self,
        doing: str,
        *,
        resource: str,
        region: str = "",
        failure: type[MiniProgramError] | None = None,
    ) -> Iterator[None]:
        """Turn what the SDK raises inside into `failure`. `doing` completes "cannot …": "read acme://shop/a.json".

        Errors of ours and of anybody else pass unchanged.
        """
        try:
            yield
        except MiniProgramError:
            raise
        except Exception as error:
            found = self.read(error)
            if found is None:
                raise
            raise self.explain(found, doing, Subject(resource, region), failure) from None

    def explain(
        self, found: Failure, doing: str, subject: Subject, failure: type[MiniProgramError] | None = None
    ) -> MiniProgramError:
        """The error for `found`: why it failed in the message, what helps in the hint."""
        explained = (rule(found, subject) for rule in self.rules)
        why, hint = next((each for each in explained if each is not None), self._as_said(found))
        return (failure or self.default)(f"cannot {doing}: {why}", hint=hint)

    def code_of(self, error: Exception) -> str:
        """The error code of what the SDK raised; empty for anything else."""
        found = self.read(error)
        return found.code if found is not None else ""

    def _as_said(self, found: Failure) -> Explanation:
        said = self.redact(found.message).rstrip(".")
        return (f"{found.code}: {said}" if said else found.code), None
