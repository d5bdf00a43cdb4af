"""The errors of an SDK as sentences, for a cloud that does not exist."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from miniprogram.errors import StoreError
from miniprogram.provider_kit.redaction import Redaction
from miniprogram.provider_kit.sdk_errors import Failure, SdkErrors, Subject, after_tries, when
from miniprogram.testing import SdkErrorsContract


class AcmeError(Exception):
    def __init__(self, code: str, status: int, message: str) -> None:
        super().__init__(message)
        self.code, self.status, self.message = code, status, message


def read(error: Exception) -> Failure | None:
    return Failure(error.code, error.status, "Read", error.message) if isinstance(error, AcmeError) else None


ERRORS = SdkErrors(
    read=read,
    rules=(
        when({"Gone"}, "{resource} is not in {region}", "Look elsewhere: {code}."),
        when({"Gone"}, "never said"),
        when((), "access denied to {resource}", "Ask for it.", statuses=(401, 403)),
        *after_tries("Acme", throttled={"Hold"}, unreachable={"Silence"}, check="Check the cable."),
    ),
    redact=Redaction(("<customer>", r"\bcus_\w+")),
)


class TestAcmeErrors(SdkErrorsContract):
    def make_errors(self) -> SdkErrors:
        return ERRORS

    def make_refusal(self, code: str, status: int, message: str) -> Exception:
        return AcmeError(code, status, message)

    def secrets(self) -> Sequence[str]:
        uuid = "5f8d3a2e-1111-4222-8333-944455556666"
        return (
            "cus_12",
            uuid,
            "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
            "Bearer ya29.a0Af-x_y",
            "request id: ab12",
        )


@pytest.mark.parametrize(
    ("found", "said"),
    [
        (Failure("Gone"), "the shelf is not in eu | Look elsewhere: Gone."),
        (Failure("Hold"), "Acme asks to slow down, even after several tries | Wait a minute"),
        (
            Failure("Silence", endpoint="http://acme.test"),
            "Acme cannot be reached at http://acme.test | Check the cable.",
        ),
        (Failure("Silence"), "Acme cannot be reached | Check the cable."),
        (Failure("Broken", 599), "Acme failed, even after several tries"),
        (Failure("Odd", 400, message="cus_77 is odd."), "Odd: <customer> is odd | None"),
        (Failure("Odd", 400), "Odd | None"),
    ],
    ids=lambda each: each.code if isinstance(each, Failure) else "",
)
def test_the_first_rule_that_knows_explains(found: Failure, said: str) -> None:
    error = ERRORS.explain(found, "read it", Subject("the shelf", "eu"), StoreError)

    assert f"{error} | {error.hint}".startswith(f"cannot read it: {said}")


def test_braces_in_what_a_service_says_are_text() -> None:
    error = ERRORS.explain(Failure("Gone{0}", message="{resource!r} {"), "read it", Subject("a{b}", "c"))

    assert str(error) == "cannot read it: Gone{0}: {resource!r} {"
