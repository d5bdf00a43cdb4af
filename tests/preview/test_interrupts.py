"""Signals come when they may."""

from __future__ import annotations

import os
import signal

import pytest

from miniprogram.preview.interrupts import interruptible

NAMES = ["SIGINT", "SIGTERM", "SIGHUP"]


@pytest.mark.parametrize("name", NAMES)
def test_each_is_an_interrupt(name: str) -> None:
    before = signal.getsignal(getattr(signal, name))

    with pytest.raises(KeyboardInterrupt), interruptible():
        os.kill(os.getpid(), getattr(signal, name))

    assert signal.getsignal(getattr(signal, name)) == before


@pytest.mark.parametrize("name", NAMES)
def test_a_held_one_comes_with_the_release(name: str) -> None:
    with interruptible() as interrupts:
        interrupts.hold()
        os.kill(os.getpid(), getattr(signal, name))
        with pytest.raises(KeyboardInterrupt):
            interrupts.release()
        interrupts.release()


def test_what_is_ignored_stays_ignored() -> None:
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        with interruptible():
            os.kill(os.getpid(), signal.SIGHUP)
    finally:
        signal.signal(signal.SIGHUP, before)
