"""The sample data every starter begins with."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from miniprogram.seams.backend_template import ProgramFacts

DATA_FILES = ("home_bootstrap.json", "coupons_list.json", "session.json")
"""Names below a starter's data folder, in the order reports list them."""


def sample_data(facts: ProgramFacts) -> Mapping[str, Mapping[str, Any]]:
    """The three documents by file name."""
    return {
        "home_bootstrap.json": {
            "title": f"Welcome to {facts.title}",
            "subtitle": "This text comes from the publisher backend.",
            "user": {"id": "preview-user", "name": "Preview user", "tier": "Gold"},
            "heroImageUrl": _picture(facts, "hero", "960/480"),
        },
        "coupons_list.json": {
            "coupons": [
                _coupon(facts, "coupon-10", "10 % off", "On your first order."),
                _coupon(facts, "coupon-20", "20 % off", "On orders above 50."),
            ]
        },
        "session.json": {
            "authenticated": True,
            "user": {
                "id": "preview-user",
                "uid": "preview-user",
                "name": "Preview user",
                "email": "preview@example.com",
            },
            "note": "Sample session: replace it with your own sign-in.",
        },
    }


def _coupon(facts: ProgramFacts, coupon_id: str, title: str, description: str) -> dict[str, str]:
    picture = _picture(facts, coupon_id.replace("-", "_"), "320/200")
    return {"id": coupon_id, "title": title, "description": description, "imageUrl": picture}


def _picture(facts: ProgramFacts, name: str, size: str) -> str:
    return f"https://picsum.photos/seed/{facts.program_id}_{name}/{size}"
