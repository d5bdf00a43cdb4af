"""What the selected environment answered, as `workflow status` tells it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from miniprogram.clock import to_iso
from miniprogram.workflow.section import Section

if TYPE_CHECKING:
    from miniprogram.seams.version_signing import Deadline
    from miniprogram.workflow.section import Document


class RemoteSection(Section):
    """`checked` alone without `--remote`. The documents are those of the commands they are named after."""

    checked: bool
    provider: str | None = None
    cloud_status: Document | None = None
    app: Document | None = None
    access_keys: Document | None = None
    signed_until: tuple[Deadline, ...] = ()
    """Until when what is published is signed, by role; empty where it is not."""
    errors: tuple[str, ...] = ()
    is_well: bool = True
    """Whether nothing that was asked failed, the deployment is there and healthy, and no signature has ended."""

    @property
    def is_due(self) -> bool:
        """Whether something is to be signed again."""
        return any(each.state != "good" for each in self.signed_until)

    def to_document(self) -> dict[str, Any]:
        parts = {"cloudStatus": self.cloud_status, "app": self.app, "accessKeys": self.access_keys}
        if not self.checked:
            return {"checked": False}
        documents = {key: part and part.model_dump(mode="json", by_alias=True) for key, part in parts.items()}
        signed = [
            {"role": each.role, "expiresAtUtc": to_iso(each.expires), "state": each.state}
            for each in self.signed_until
        ]
        known = {"signedUntil": signed} if signed else {}
        return {"checked": True, "provider": self.provider, **documents, **known, "errors": list(self.errors)}
