"""What stands in Cloud Run, held against what is wanted."""

from __future__ import annotations

from miniprogram.provider_kit.gradual_shift import Traffic
from miniprogram_gcp.run.service_document import DIGEST_LABEL, Document, Service


def who_gets_what(service: Service) -> str | None:
    """What is to be known about the traffic; None when all of it goes to the newest revision."""
    traffic = service.traffic
    if traffic.candidate is not None:
        return (
            f"{traffic.percent} % of requests go to {traffic.candidate}, the rest to {traffic.version}: "
            "deploy again, and it goes on; deploy --rollback takes it back"
        )
    if service.serving in (None, service.newest):
        return None
    return f"hosts get {service.serving}, and {service.newest} is newer"


def revision_name(service: str, before: Service | None, wanted: Document) -> str:
    """A name that no revision of the service has had."""
    digest = wanted["template"]["labels"][DIGEST_LABEL]
    return f"{service}-{(before.generation if before else 0) + 1:05d}-{digest[:6]}"


def is_as_wanted(service: Service, wanted: Document) -> bool:
    return _is_ready(service, wanted) and service.traffic == Traffic(service.newest)


def is_on_its_way(service: Service, wanted: Document) -> bool:
    """Whether a deploy of the same broke off before hosts got all of it."""
    return _is_ready(service, wanted) and service.serving is not None and service.candidate == service.newest


def _is_ready(service: Service, wanted: Document) -> bool:
    return service.digest == wanted["template"]["labels"][DIGEST_LABEL] and service.status == "READY"
