"""A line of `miniprogram doctor`: whether the company's signing key is where the release scripts look for it."""

from __future__ import annotations

from miniprogram.plugins.specs import DoctorCheckSpec
from miniprogram.seams.checks import Check, CheckContext

LABEL = "Signing key"
VARIABLE = "ACME_SIGNING_KEY"


def check_signing_key(context: CheckContext) -> Check:
    named = context.environ.get(VARIABLE)
    if named is None:
        return Check(LABEL, "skipped", f"{VARIABLE} is not set")
    path = context.cwd / named
    if not path.is_file():
        return Check(LABEL, "error", f"{VARIABLE} names {path}, which is not there")
    if path.stat().st_mode & 0o077:
        return Check(LABEL, "warning", f"others can read {path}", f"chmod 600 {path}")
    return Check(LABEL, "ok", str(path))


SPEC = DoctorCheckSpec(LABEL, check_signing_key)
"""What the hook `miniprogram_doctor_checks` returns in a list."""
