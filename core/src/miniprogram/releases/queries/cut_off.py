"""Who would stop getting what is published once releases say who gets what."""

from __future__ import annotations

from miniprogram.delivery.documents.kinds import CATALOG_POINTER
from miniprogram.documents.environment_storage import EnvironmentStorage
from miniprogram.releases.model.document import ReleaseDocument


def who_is_cut_off(storage: EnvironmentStorage, document: ReleaseDocument) -> str | None:
    """Whom the rule for other hosts takes something from, and the command that changes it; None: nobody.

    Says it before the first release goes out as well: from that moment on the rule counts.
    """
    program_id = document.mini_program_id
    if document.otherwise != "refuse" or storage.store.get(storage.keys.key(CATALOG_POINTER, program_id)) is None:
        return None
    counts = any(record.opened for record in document.targets)
    when = "hosts" if counts else "once the first release goes out, hosts"
    return (
        f"{when} that no release is for get nothing, although a version is published; "
        f"`release otherwise {program_id} --give legacy` gives them that"
    )
