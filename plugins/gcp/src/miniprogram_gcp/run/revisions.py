"""The revisions of a service, and which of them hosts get."""

from __future__ import annotations

from collections.abc import Callable

from miniprogram.errors import MiniProgramError
from miniprogram.provider_kit.gradual_shift import Traffic
from miniprogram.seams.cloud_provider import Progress
from miniprogram_gcp.run.service_document import PREVIOUS, Service, all_traffic_to, shared_traffic
from miniprogram_gcp.run.services import RunServices


class RunRevisions:
    """Implements Versions. `service` is as the last change left it: what somebody else changes since is refused.

    `require_answer` asks an address for a revision, and raises MiniProgramError unless it answers well.
    """

    def __init__(
        self,
        services: RunServices,
        service: Service,
        require_answer: Callable[[str, str], None],
        progress: Progress,
    ) -> None:
        self._services, self.service = services, service
        self._require_answer, self._progress = require_answer, progress

    def traffic(self) -> Traffic:
        return self.service.traffic

    def send(self, traffic: Traffic) -> None:
        """Raises MiniProgramError when Cloud Run does not, or when somebody else changed the service meanwhile."""
        version, serving = str(traffic.version), self.service.serving
        annotations = dict(self.service.annotations)
        if traffic.candidate is not None:
            targets = shared_traffic(version, traffic.candidate, traffic.percent)
        else:
            targets = all_traffic_to(version)
            if serving not in {version, None}:
                annotations[PREVIOUS] = str(serving)
        self.service = self._services.direct_traffic(self.service, targets, annotations, self._progress)

    def ask(self, version: str) -> None:
        """Raises MiniProgramError unless the candidate `version` answers well at its own address."""
        url = self.service.candidate_url
        if url is None:
            raise MiniProgramError(f"Cloud Run gave {version} no address to ask it at")
        self._require_answer(url.rstrip("/"), version)

    def try_out(self, version: str) -> str | None:
        """Raises MiniProgramError when it does not answer well; then nobody reaches it any more."""
        serving = self.service.serving
        try:
            self.ask(version)
        except MiniProgramError as error:
            self.send(Traffic(serving))
            raise MiniProgramError(f"{error}; hosts still get {serving}", hint=error.hint) from None
        self._progress(f"{version} answers; moving the traffic to it.")
        return None

    def forget_all_but(self, remaining: set[str]) -> None:
        """Old revisions cost nothing, and Cloud Run removes them itself when there are many."""
