"""The partner packages that lie in a mini-program's folder, without what is secret in them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from miniprogram.errors import MiniProgramError
from miniprogram.strict_json import read_object
from miniprogram.workflow.section import Section


class PartnerPackageSummary(Section):
    """`file_path` and `error` for an unreadable file, else everything but the error. The key is never told."""

    file_path: str
    error: str | None = None
    app_id: str | None = None
    title: str | None = None
    api_base_url: str | None = None
    backend_base_url: str | None = None
    backend_configured: bool = False
    access_mode: str | None = None
    has_access_key: bool = False

    def to_document(self) -> dict[str, Any]:
        document = super().to_document()
        if self.error is not None:
            return {"filePath": self.file_path, "error": self.error}
        del document["error"]
        return document


def partner_packages(workspace: Path) -> tuple[PartnerPackageSummary, ...]:
    """Every `*.partner.json` directly in `workspace`, by path."""
    return tuple(_summary(path) for path in sorted(workspace.glob("*.partner.json")))


def _summary(path: Path) -> PartnerPackageSummary:
    try:
        package = read_object(path)
    except MiniProgramError as error:
        return PartnerPackageSummary(file_path=str(path), error=str(error))
    texts = {name: _text(package.get(name)) for name in ("appId", "title", "apiBaseUrl", "backendBaseUrl")}
    has_key = bool(_text(package.get("accessKey")))
    stored_mode = _text(package.get("accessMode"))
    return PartnerPackageSummary(
        file_path=str(path),
        app_id=texts["appId"],
        title=texts["title"],
        api_base_url=texts["apiBaseUrl"],
        backend_base_url=texts["backendBaseUrl"],
        backend_configured=bool(texts["backendBaseUrl"]),
        access_mode=stored_mode or ("protected" if has_key else "public"),
        has_access_key=has_key,
    )


def _text(value: object) -> str | None:
    return value.strip() or None if isinstance(value, str) else None
