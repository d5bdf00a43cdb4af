"""The delivery service on Cloud Run, with admissions counted in Firestore. Travels in its archive."""

from __future__ import annotations

from collections.abc import Mapping

from miniprogram_firebase.function.firestore import Firestore
from miniprogram_firebase.function.firestore_ledger import FirestoreLedger
from miniprogram_gcp.function import server


def main() -> None:
    """Serve until the container is stopped."""
    server.main(open_ledger=open_ledger)


def open_ledger(environ: Mapping[str, str]) -> FirestoreLedger:
    return FirestoreLedger(Firestore(environ))
