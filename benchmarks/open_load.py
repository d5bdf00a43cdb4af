"""Load as the internet sends it: requests arrive at a rate of their own, whether earlier ones are answered or not.

A client that waits for each answer before it asks again slows down with the server and hides how long others wait.
Here the moment of each request is fixed in advance (exponential pauses), and its time counts from then on. A
kept connection that the server has closed meanwhile is replaced, as clients do.

`open_load.py PORT TARGET RATE SECONDS` asks a server on this machine, of one worker or of several.
"""

from __future__ import annotations

import asyncio
import random
import sys
import time
from dataclasses import dataclass, field


@dataclass
class Outcome:
    """What came of a run. Times in milliseconds, ascending."""

    imposed: float
    seconds: float
    times_ms: list[float] = field(default_factory=list)
    errors: int = 0

    @property
    def achieved(self) -> float:
        return len(self.times_ms) / self.seconds

    def percentile(self, share: float) -> float:
        return (
            self.times_ms[min(len(self.times_ms) - 1, int(len(self.times_ms) * share))] if self.times_ms else 0.0
        )

    def line(self) -> str:
        p50, p95, p99 = (self.percentile(share) for share in (0.5, 0.95, 0.99))
        rates = f"imposed {self.imposed:,.0f}/s, achieved {self.achieved:,.0f}/s"
        return f"{rates}, p50 {p50:.2f}, p95 {p95:.2f}, p99 {p99:.2f} ms, errors {self.errors}"


def load(port: int, target: str, *, rate: float, seconds: float, limit_s: float = 5.0) -> Outcome:
    """Ask 127.0.0.1:`port` for `target` at `rate`. An answer other than 200, or none in time, is an error."""
    return asyncio.run(_load(port, target, rate, seconds, limit_s))


async def _load(port: int, target: str, rate: float, seconds: float, limit_s: float) -> Outcome:
    outcome = Outcome(rate, seconds)
    idle: list[tuple[asyncio.StreamReader, asyncio.StreamWriter]] = []
    sent = f"GET {target} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode()
    pauses = random.Random(7)
    tasks: set[asyncio.Task[None]] = set()

    async def ask(due: float) -> None:
        try:
            async with asyncio.timeout(limit_s):
                connection = idle.pop() if idle else None
                try:
                    connection = connection or await asyncio.open_connection("127.0.0.1", port)
                    await _exchange(connection, sent)
                except (ConnectionError, asyncio.IncompleteReadError):
                    connection = await asyncio.open_connection("127.0.0.1", port)
                    await _exchange(connection, sent)
        except (OSError, ValueError, asyncio.IncompleteReadError, TimeoutError):
            outcome.errors += 1
            return
        outcome.times_ms.append((time.perf_counter() - due) * 1000)
        idle.append(connection)

    began = due = time.perf_counter()
    while due - began < seconds:
        wait = due - time.perf_counter()
        if wait > 0:
            await asyncio.sleep(wait)
        task = asyncio.create_task(ask(due))
        tasks.add(task)
        task.add_done_callback(tasks.discard)
        due += pauses.expovariate(rate)
    await asyncio.gather(*tasks)
    for _, writer in idle:
        writer.close()
    outcome.times_ms.sort()
    return outcome


async def _exchange(connection: tuple[asyncio.StreamReader, asyncio.StreamWriter], sent: bytes) -> None:
    reader, writer = connection
    writer.write(sent)
    head = await reader.readuntil(b"\r\n\r\n")
    length = head.lower().partition(b"content-length:")[2].partition(b"\r\n")[0]
    await reader.readexactly(int(length))
    if not head.startswith(b"HTTP/1.1 200"):
        raise ValueError(head[:40])


if __name__ == "__main__":
    _port, _target, _rate, _seconds = sys.argv[1:]
    print(load(int(_port), _target, rate=float(_rate), seconds=float(_seconds)).line())
