"""Which keys to sign with, and which root to believe: from the command line, the environment, `miniprogram.toml`.

```toml
[trust]
signers = ["file:keys/coupons.pem", "awskms:alias/miniprograms-online"]
root = "trust-root.json"
```

Paths in the file start where it lies. `MINIPROGRAM_SIGNERS`, a list with commas, takes the place of `signers`.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from miniprogram.errors import DocumentError
from miniprogram.seams.signing_key import SigningKey
from miniprogram_trust.keyring import Keyring

FILE = "miniprogram.toml"
TABLE = "trust"
VARIABLE = "MINIPROGRAM_SIGNERS"
KNOWN = ("signers", "root")
OpenKey = Callable[[str, Path], SigningKey]


@dataclass(frozen=True, slots=True)
class TrustSettings:
    """Signers as URIs, each with the folder its paths start in. `source` is where they stand, for people."""

    signers: tuple[tuple[str, Path], ...] = ()
    root: Path | None = None
    source: str | None = None

    def keyring(self, open_key: OpenKey, more: Sequence[str] = (), *, cwd: Path) -> Keyring:
        """The keys that were named, those of the command line in front."""
        folders = {**dict(self.signers), **dict.fromkeys(more, cwd)}
        return Keyring(
            (*more, *(uri for uri, _ in self.signers)), lambda uri: open_key(uri, folders.get(uri, cwd))
        )

    def pinned(self) -> bytes | None:
        """The root to begin with; None when none was named. Raises DocumentError when it cannot be read."""
        if self.root is None:
            return None
        try:
            return self.root.read_bytes()
        except OSError as error:
            raise DocumentError(f"the pinned root {self.root} cannot be read: {error.strerror}") from None


def read_settings(cwd: Path, environ: Mapping[str, str]) -> TrustSettings:
    """What holds for work in `cwd`. Raises DocumentError for a file that says something else."""
    path = next((each / FILE for each in (cwd, *cwd.parents) if (each / FILE).is_file()), None)
    table = _table(path) if path is not None else {}
    listed = environ.get(VARIABLE)
    folder = path.parent if path is not None else cwd
    root = folder / table["root"] if "root" in table else None
    if listed is not None:
        uris = [uri.strip() for uri in listed.split(",")]
        return TrustSettings(tuple((uri, cwd) for uri in uris if uri), root, VARIABLE)
    signers = tuple((uri, folder) for uri in table.get("signers", ()))
    return TrustSettings(signers, root, str(path) if signers else None)


def _table(path: Path) -> dict[str, Any]:
    try:
        table = tomllib.loads(path.read_text("utf-8-sig")).get(TABLE, {})
    except OSError as error:
        raise DocumentError(f"{path} cannot be read: {error.strerror}") from None
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise DocumentError(f"{path} is not TOML: {error}") from error
    where = f"{path}: [{TABLE}]"
    if not isinstance(table, dict):
        raise DocumentError(f"{where} must be a table")
    for name in table:
        if name not in KNOWN:
            raise DocumentError(f"{where} knows no {name!r}: {', '.join(KNOWN)}")
    signers = table.get("signers", [])
    if not isinstance(signers, list) or not all(isinstance(uri, str) and uri.strip() for uri in signers):
        raise DocumentError(f'{where}: signers must be a list of texts such as "file:release.pem"')
    if "root" in table and not (isinstance(table["root"], str) and table["root"].strip()):
        raise DocumentError(f"{where}: root must be the path of a file")
    return table
