"""Numbers of things in sentences."""

from __future__ import annotations


def number_of(count: int, noun: str) -> str:
    """`1 screen`, `2 screens`, `0 screens`: `noun` is in the singular, and takes an s."""
    return f"{count} {noun}{'' if count == 1 else 's'}"
