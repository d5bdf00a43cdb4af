"""The client: asks delivery which version this host gets, brings it here, and hands it out to be launched."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

from miniprogram.client.cache import ProgramCache
from miniprogram.client.host import Endpoint, HostContext
from miniprogram.clock import Clock, utc_now
from miniprogram.errors import UsageError

if TYPE_CHECKING:
    import httpx

    from miniprogram.client.launch import Launch

SIGNED = "signed"
"""Below the cache: versions of endpoints that are verified."""
SEALED = "sealed"
"""Below that: versions of endpoints that take sealed ones only."""
Network = Callable[[], str]
"""What the host is connected by now: `wifi`, or another word such as `cellular`."""


class Client:
    """Mini-programs for one host, from `endpoints` by mini-program id, kept below the folder `cache`.

    `presets` is a folder of packages the host was built with (`ID-VERSION.tar.zst`). `http` is used instead of a
    client of its own. Safe for several processes on one cache; one Client belongs to one thread at a time.
    """

    def __init__(
        self,
        cache: Path,
        endpoints: Mapping[str, Endpoint],
        host: HostContext,
        *,
        presets: Path | None = None,
        network: Network = lambda: "wifi",
        http: httpx.Client | None = None,
        now: Clock = utc_now,
    ) -> None:
        if http is None:
            import httpx  # deferred: a host may never open a mini-program

            http = httpx.Client()
        self._cache, self._endpoints, self._host = cache, dict(endpoints), host
        self._presets, self._network, self._http, self._now = presets, network, http, now

    def open(self, program_id: str) -> Launch:
        """The version this host is to run, here and whole. Say `started()` on it.

        Raises UsageError for a mini-program without an endpoint, DeliveryRefused and HostUnsuited when the host
        gets none, Unsigned where a root is pinned and the version is not what was signed, DeliveryUnreachable when
        nothing kept may stand in, and NothingToLaunch when whatever there is did not start.
        """
        from miniprogram.client.delivery import Delivery
        from miniprogram.client.opening import Opening
        from miniprogram.client.versions import LocalVersions

        endpoint = self._endpoints.get(program_id)
        if endpoint is None:
            raise UsageError(f"no endpoint is configured for {program_id} (endpoint_not_configured)")
        # what was kept before a root was pinned is not what was signed
        folder = self._cache if endpoint.verifier is None else self._cache / SIGNED
        # nor is what was kept in plain what was sealed
        folder = folder if endpoint.opens is None else folder / SEALED
        cache = ProgramCache(folder, program_id)
        opening = Opening(cache, LocalVersions(cache, self._presets), Delivery(endpoint, self._http), self._host)
        return opening.launch(self._network(), self._now())

    def close(self) -> None:
        """Close connections. What was launched goes on."""
        self._http.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
