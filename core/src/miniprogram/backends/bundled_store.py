"""The store of this backend: the files in `data/`, which travel with the function.

Nothing is stored at run time, so a coupon can be redeemed again and again. For redemptions that count, scaffold
with a storage that keeps them; the README names it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from publisher_routes import Redemption

DATA = Path(__file__).with_name("data")


class BundledStore:
    def home(self) -> Mapping[str, Any] | None:
        return _read("home_bootstrap.json")

    def session(self) -> Mapping[str, Any] | None:
        return _read("session.json")

    def coupons(self) -> list[Mapping[str, Any]] | None:
        document = _read("coupons_list.json")
        listed = document.get("coupons") if document else None
        return [one for one in listed if isinstance(one, dict)] if isinstance(listed, list) else None

    def coupon(self, coupon_id: str) -> Mapping[str, Any] | None:
        return next((one for one in self.coupons() or [] if str(one.get("id")).strip() == coupon_id), None)

    def redeem(self, user_id: str, coupon_id: str, at: str) -> Redemption:
        del user_id, coupon_id
        return Redemption(first=True, redeemed_at=at)


def open_store(environ: Mapping[str, str]) -> BundledStore:
    del environ
    return BundledStore()


def _read(name: str) -> Mapping[str, Any] | None:
    try:
        document = json.loads((DATA / name).read_text("utf-8"))
    except (OSError, ValueError):
        return None
    return document if isinstance(document, dict) else None
