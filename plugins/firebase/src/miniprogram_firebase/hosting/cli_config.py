"""`firebase.json`, for people who also use the Firebase CLI: our folder and our headers, all else as it was."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from miniprogram.errors import DocumentError, PublishError
from miniprogram.files import write_atomic
from miniprogram.strict_json import read_object, to_pretty_json
from miniprogram_firebase.hosting.serving_config import EVERYTHING, header_rules, pattern_of

NAME = "firebase.json"
IGNORED = (NAME, "**/.*", "**/node_modules/**")
"""What a new file has the CLI leave out: what it proposes itself."""


def with_folder(document: Mapping[str, Any], public: str, site: str | None) -> dict[str, Any]:
    """The document of a project that deploys the folder `public` to `site`; None for the project's own.

    Raises ValueError when it deploys another folder there.
    """
    entries = _entries(document.get("hosting", []))
    ours = next((each for each in entries if each.get("public") == public), None)
    taken = next(
        (each for each in entries if each is not ours and "target" not in each and each.get("site") == site), None
    )
    if taken is not None:
        raise ValueError(f"deploys the folder {taken.get('public')} to this site, in place of all that is there")
    if ours is None:
        entries.append(ours := {**({"site": site} if site else {}), "public": public, "ignore": list(IGNORED)})
    elif "target" not in ours and ours.get("site") != site:
        raise ValueError(f"deploys the folder {public} to the site {ours.get('site') or 'of the project'}")
    ours["headers"] = _headers(ours.get("headers", []))
    return {**document, "hosting": entries[0] if len(entries) == 1 else entries}


def check_config(path: Path, public: str, site: str | None) -> dict[str, Any]:
    """What the file at `path` is to hold. Raises PublishError when it cannot be read, or says otherwise."""
    hint = "Choose another --output, or change the file."
    try:
        document = read_object(path) if path.exists() else {}
        return with_folder(document, public, site)
    except DocumentError as error:
        raise PublishError(f"{error}: it cannot be added to", hint=hint) from None
    except ValueError as error:
        raise PublishError(f"{path} {error}", hint=hint) from None


def write_config(path: Path, public: str, site: str | None) -> None:
    """Have the file at `path` deploy the folder. One that does already stays as it is, byte by byte."""
    wanted = check_config(path, public, site)
    if not path.exists() or read_object(path) != wanted:
        write_atomic(path, to_pretty_json(wanted) + b"\n")


def _entries(hosting: Any) -> list[dict[str, Any]]:
    """Each site's entry: the CLI takes one, or a list. Raises ValueError for what it would not take."""
    entries = hosting if isinstance(hosting, list) else [hosting]
    for entry in entries:
        rules = entry.get("headers", []) if isinstance(entry, dict) else None
        if not isinstance(rules, list) or not all(_is_rule(rule) for rule in rules):
            raise ValueError("has a `hosting` that is none of the CLI's")
    return [dict(entry) for entry in entries]


def _is_rule(rule: Any) -> bool:
    headers = rule.get("headers", []) if isinstance(rule, dict) else None
    return isinstance(headers, list) and all(isinstance(each, dict) and "key" in each for each in headers)


def _headers(present: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Their rules, then ours in place of earlier ones. The rule about everything keeps their headers too."""
    ours = [
        {("source" if name == "glob" else name): value for name, value in rule.items() if name != "headers"}
        | {"headers": [{"key": key, "value": value} for key, value in rule["headers"].items()]}
        for rule in header_rules()
    ]
    patterns = [pattern_of(rule) for rule in ours]
    everything = next((rule for rule in present if pattern_of(rule) == (EVERYTHING, None)), None)
    if everything is not None:
        own = {each["key"].lower() for each in ours[0]["headers"]}
        rest = [each for each in everything.get("headers", []) if each["key"].lower() not in own]
        ours[0]["headers"] = [*rest, *ours[0]["headers"]]
    return [*(rule for rule in present if pattern_of(rule) not in patterns), *ours]
