"""What a service takes its time for, asked before it is needed."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from threading import Thread
from typing import Generic, TypeVar

Answer = TypeVar("Answer")


class EarlyAnswer(Generic[Answer]):
    """The answer of `ask`, which is called once: at `begin`, or when somebody wants to know."""

    def __init__(self, ask: Callable[[], Answer]) -> None:
        self._ask = ask
        self._answer: Future[Answer] | None = None

    def begin(self) -> None:
        """Ask in a thread that nobody has to wait for: Ctrl-C ends the command at once."""
        self._begun()

    def result(self) -> Answer:
        """Raises what `ask` raised."""
        return self._begun().result()

    def _begun(self) -> Future[Answer]:
        if self._answer is None:
            self._answer = Future()
            Thread(target=self._run, args=(self._answer,), name="early-answer", daemon=True).start()
        return self._answer

    def _run(self, answer: Future[Answer]) -> None:
        try:
            answer.set_result(self._ask())
        except BaseException as error:  # noqa: BLE001 - raised again for whoever wants to know
            answer.set_exception(error)
