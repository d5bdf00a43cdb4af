"""What the translation of every SDK's errors must do, as tests to inherit."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from miniprogram.errors import DocumentError, MiniProgramError, PreconditionFailed
from miniprogram.provider_kit.sdk_errors import Failure, SdkErrors, Subject

RESOURCE = "the bucket shop"


class SdkErrorsContract:
    """Inherit, and override `make_errors`, `make_refusal` and `secrets`."""

    def make_errors(self) -> SdkErrors:
        """The table of errors of your SDK."""
        raise NotImplementedError

    def make_refusal(self, code: str, status: int, message: str) -> Exception:
        """What your SDK raises when the service answers so."""
        raise NotImplementedError

    def secrets(self) -> Sequence[str]:
        """Texts as your service may send them that identify an account, a person, a key or a request."""
        raise NotImplementedError

    def test_an_error_code_that_no_rule_knows_is_shown_with_what_was_said(self) -> None:
        said = self._said(self.make_refusal("SomethingNew", 400, "the moon is full."))

        assert said.startswith("cannot read a thing: ")
        assert "SomethingNew" in said
        assert "the moon is full" in said

    def test_nothing_that_identifies_anybody_is_shown(self) -> None:
        for secret in self.secrets():
            assert secret not in self._said(self.make_refusal("SomethingNew", 400, f"about {secret}, no"))

    def test_an_error_is_one_line(self) -> None:
        assert "\n" not in self._said(self.make_refusal("SomethingNew", 400, "one\ntwo\r\nthree"))

    @pytest.mark.parametrize("status", [429, 500, 502, 503, 504])
    def test_what_was_tried_in_vain_may_be_tried_again(self, status: int) -> None:
        error = self._mapped(self.make_refusal("", status, ""))

        assert "several tries" in str(error)
        assert "again" in (error.hint or "")

    @pytest.mark.parametrize("status", [401, 403])
    def test_a_refusal_says_so_and_what_helps(self, status: int) -> None:
        assert self._mapped(self.make_refusal("", status, "")).hint

    def test_every_rule_has_a_sentence_for_everything(self) -> None:
        """A text with a gap nobody fills would break off while it explains."""
        errors = self.make_errors()
        statuses = (0, 301, 400, 401, 403, 404, 409, 412, 429, 500, 503)

        for status in statuses:
            told = errors.explain(Failure("x", status), "read a thing", Subject(RESOURCE, "here"))
            assert str(told).startswith("cannot read a thing: ")

    def test_errors_of_ours_and_of_others_pass_unchanged(self) -> None:
        for error in (PreconditionFailed("ours"), TypeError("a mistake of the plugin"), KeyError("theirs")):
            with pytest.raises(type(error)) as raised, self.make_errors().mapped("x", resource=RESOURCE):
                raise error
            assert raised.value is error

    def test_what_was_raised_is_not_shown_as_the_cause(self) -> None:
        """Its text may hold what was left out of ours."""
        error = self._mapped(self.make_refusal("SomethingNew", 400, "x"))

        assert error.__cause__ is None
        assert error.__suppress_context__

    def test_the_class_is_the_callers(self) -> None:
        assert type(self._mapped(self.make_refusal("SomethingNew", 400, "x"))) is DocumentError

    def test_the_code_is_told(self) -> None:
        errors = self.make_errors()

        assert errors.code_of(self.make_refusal("SomethingNew", 400, "x")) == "SomethingNew"
        assert errors.code_of(KeyError("x")) == ""

    def _said(self, error: Exception) -> str:
        told = self._mapped(error)
        return f"{told} {told.hint or ''}".rstrip()

    def _mapped(self, error: Exception) -> MiniProgramError:
        mapped = self.make_errors().mapped("read a thing", resource=RESOURCE, failure=DocumentError)
        with pytest.raises(DocumentError) as raised, mapped:
            raise error
        return raised.value
