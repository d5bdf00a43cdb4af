"""The store of this backend: a Firestore database. `record_names.py` says how records are named."""

from __future__ import annotations

import os
import time
from collections.abc import Mapping
from typing import Any

import record_names as names
from firestore import Firestore, FirestoreError
from publisher_routes import Redemption

PAUSES_S = (0.05, 0.1, 0.2, 0.4, 0.8)
"""Before the second and later tries of a redemption that met another one."""
CONTENDED = ("ABORTED", "ALREADY_EXISTS")
LAST = float("inf")


class FirestoreStore:
    """Records of `program_id`. It connects when the first record is asked for."""

    def __init__(self, firestore: Firestore, program_id: str) -> None:
        self._firestore, self._program = firestore, names.program_path(program_id)

    def home(self) -> Mapping[str, Any] | None:
        return self._document(*names.HOME)

    def session(self) -> Mapping[str, Any] | None:
        return self._document(*names.SESSION)

    def coupons(self) -> list[Mapping[str, Any]]:
        """By `sortIndex`, those without one last; equals by title, else by id."""
        listed = [{"id": name, **fields} for name, fields in self._firestore.documents(self._path(names.COUPONS))]
        return sorted(listed, key=_order)

    def coupon(self, coupon_id: str) -> Mapping[str, Any] | None:
        if not names.is_document_id(coupon_id):
            return None
        found = self._document(names.COUPONS, coupon_id)
        return {"id": coupon_id, **found} if found is not None else None

    def redeem(self, user_id: str, coupon_id: str, at: str) -> Redemption:
        """Once for each user and coupon, however many ask at the same moment: it is one transaction."""
        path = self._path(names.REDEMPTIONS, names.redemption_id(user_id, coupon_id))
        earlier = names.earlier_redemption_id(user_id, coupon_id)
        looked_at = [path, *([self._path(names.REDEMPTIONS, earlier)] if names.is_document_id(earlier) else [])]
        fields = {"status": "redeemed", "couponId": coupon_id, "userId": user_id, "redeemedAtUtc": at}
        for pause in (*PAUSES_S, None):
            transaction, found = self._firestore.begin(looked_at)
            known = next((each for each in found if _is_of(each, user_id, coupon_id)), None)
            if known is not None:
                self._firestore.roll_back(transaction)
                return Redemption(first=False, redeemed_at=str(known.get("redeemedAtUtc") or at))
            try:
                self._firestore.commit(transaction, [self._firestore.created(path, fields, stamp="createdAt")])
            except FirestoreError as error:
                if error.status not in CONTENDED or pause is None:
                    raise
                time.sleep(pause)
            else:
                return Redemption(first=True, redeemed_at=at)
        raise AssertionError("the last try returned or raised")

    def _document(self, *parts: str) -> Mapping[str, Any] | None:
        found: Mapping[str, Any] | None = self._firestore.get(self._path(*parts))
        return found

    def _path(self, *parts: str) -> str:
        return "/".join((self._program, *parts))


def open_store(environ: Mapping[str, str] = os.environ) -> FirestoreStore:
    return FirestoreStore(Firestore(environ), environ.get("MINI_PROGRAM_ID", ""))


def _is_of(redemption: Mapping[str, Any] | None, user_id: str, coupon_id: str) -> bool:
    """Older ids are shared: only what the document itself says counts."""
    return redemption is not None and (redemption.get("userId"), redemption.get("couponId")) == (
        user_id,
        coupon_id,
    )


def _order(coupon: Mapping[str, Any]) -> tuple[float, str]:
    index = coupon.get("sortIndex")
    numbered = isinstance(index, int | float) and not isinstance(index, bool)
    return (float(index) if numbered else LAST, str(coupon.get("title") or coupon["id"]))  # type: ignore[arg-type]
