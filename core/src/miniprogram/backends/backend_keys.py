"""How records of a publisher backend are keyed in its table.

This file imports the standard library only and is copied, as it is, into every generated backend: the command line
and the function must agree. Ids become parts of keys with `%` and `#` written as `%25` and `%23`, so that no two
pairs of ids share a key. Older backends wrote ids as they were; `raw_…` gives those keys.
"""

from __future__ import annotations

HOME = "HOME#bootstrap"
SESSION = "SESSION#demo"
COUPONS = "COUPON#"
REDEMPTIONS = "#REDEMPTIONS"


def app_partition(program_id: str) -> str:
    return f"APP#{program_id}"


def redemption_partition(program_id: str) -> str:
    return f"APP#{program_id}{REDEMPTIONS}"


def coupon_key(coupon_id: str) -> str:
    return f"{COUPONS}{encoded(coupon_id)}"


def raw_coupon_key(coupon_id: str) -> str:
    return f"{COUPONS}{coupon_id}"


def redemption_key(user_id: str, coupon_id: str) -> str:
    return f"USER#{encoded(user_id)}#COUPON#{encoded(coupon_id)}"


def raw_redemption_key(user_id: str, coupon_id: str) -> str:
    return f"USER#{user_id}#COUPON#{coupon_id}"


def encoded(text: str) -> str:
    return text.replace("%", "%25").replace("#", "%23")
