"""The line of `doctor`: whether the keys that are named can be used."""

from __future__ import annotations

from miniprogram.errors import MiniProgramError
from miniprogram.seams.checks import Check, CheckContext
from miniprogram_trust.settings import read_settings

LABEL = "Signing keys"


def check_signing(context: CheckContext) -> Check:
    """Looks at what is named, not at what services say: `doctor` touches no network."""
    try:
        settings = read_settings(context.cwd, context.environ)
        settings.pinned()
    except MiniProgramError as error:
        return Check(LABEL, "error", str(error))
    if not settings.signers:
        return Check(LABEL, "skipped", "none named; signing is explained in docs/howto/sign-what-you-publish.md")
    missing = [uri for uri, folder in settings.signers if _is_missing(uri, folder, context)]
    if missing:
        return Check(LABEL, "error", f"not there: {', '.join(missing)} (named in {settings.source})")
    note = "" if settings.root else "; no root is pinned"
    return Check(LABEL, "ok", f"{len(settings.signers)} named in {settings.source}{note}")


def _is_missing(uri: str, folder: object, context: CheckContext) -> bool:
    from pathlib import Path

    scheme, _, path = uri.partition(":")
    if scheme != "file":
        return False
    where = context.home / path[2:] if path.startswith("~/") else Path(str(folder)) / path
    return not where.is_file()
