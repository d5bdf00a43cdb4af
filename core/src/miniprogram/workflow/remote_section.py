"""What the selected environment answered, as `workflow status` tells it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from miniprogram.workflow.section import Section

if TYPE_CHECKING:
    from miniprogram.workflow.section import Document


class RemoteSection(Section):
    """`checked` alone without `--remote`. The documents are those of the commands they are named after."""

    checked: bool
    provider: str | None = None
    cloud_status: Document | None = None
    app: Document | None = None
    access_keys: Document | None = None
    errors: tuple[str, ...] = ()
    is_well: bool = True
    """Whether nothing that was asked failed, and the deployment is there and healthy."""

    def to_document(self) -> dict[str, Any]:
        parts = {"cloudStatus": self.cloud_status, "app": self.app, "accessKeys": self.access_keys}
        if not self.checked:
            return {"checked": False}
        documents = {key: part and part.model_dump(mode="json", by_alias=True) for key, part in parts.items()}
        return {"checked": True, "provider": self.provider, **documents, "errors": list(self.errors)}
