"""The evaluation context: everything a decision may look at, and whether it may leave a trace."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from miniprogram.delivery.evaluation.buckets import stickiness_key
from miniprogram.delivery.evaluation.context.delivery_context import DEFAULT_ENVIRONMENT, DeliveryContext

if TYPE_CHECKING:
    from miniprogram.delivery.evaluation.context.links import Link
    from miniprogram.delivery.evaluation.ledger import AdmissionLedger

_CAPABILITY = "capability"
"""The one attribute with several values. The module of conditions, which names it too, costs a cold start."""
ReadLink = Callable[[str], "Link"]
"""The link behind a token. Raises `links.InvalidLink`."""


class RequestMeta:
    """What a server knows of a request beside its query: the time, and the peer's address or blank."""

    __slots__ = ("client", "now_ms")

    def __init__(self, now_ms: int, client: str = "") -> None:
        self.now_ms, self.client = now_ms, client


class EvaluationContext:
    """The host, the visitor, the time, and what remembers admissions to windows.

    `attributes` are what conditions ask, by name, `now` among them. `admits`: whether this is the visit itself,
    which is counted in windows, or only a look. Without `read_link` no signed link counts, without `ledger` no
    window admits anybody.
    """

    __slots__ = ("_delivery", "admits", "attributes", "ledger", "link_token", "meta", "read_link")

    def __init__(
        self,
        delivery: DeliveryContext,
        meta: RequestMeta,
        *,
        extras: Mapping[str, str] | None = None,
        ledger: AdmissionLedger | None = None,
        admits: bool = False,
    ) -> None:
        """`extras`: those of the visitor, where `delivery` holds only what many have in common."""
        self._delivery: DeliveryContext | None = delivery
        attributes: dict[str, Any] = {
            "environment": DEFAULT_ENVIRONMENT,
            **delivery.attributes,
            **(delivery.extras if extras is None else extras),
            "now": meta.now_ms,
        }
        if meta.client:
            attributes["ip"] = meta.client
        self.attributes: Mapping[str, Any] = attributes
        self.meta = meta
        self.link_token = delivery.link
        self.read_link: ReadLink | None = None
        self.ledger = ledger
        self.admits = admits

    @classmethod
    def from_attributes(
        cls,
        attributes: Mapping[str, Any],
        *,
        link_token: str | None = None,
        read_link: ReadLink | None = None,
        ledger: AdmissionLedger | None = None,
        admits: bool = False,
    ) -> EvaluationContext:
        """A context that did not come as a request. `attributes` hold `now` in milliseconds since the epoch.

        What no request could hold, such as a list where a text belongs, counts as not sent.
        """
        context = cls.__new__(cls)
        context._delivery, context.attributes = None, _as_sent(attributes)
        context.meta = RequestMeta(attributes["now"], attributes.get("ip", ""))
        context.link_token, context.read_link = link_token, read_link
        context.ledger, context.admits = ledger, admits
        return context

    @property
    def delivery(self) -> DeliveryContext:
        """What the host says about itself."""
        if self._delivery is None:
            self._delivery = DeliveryContext.from_attributes(self.attributes)
        return self._delivery

    @property
    def now_ms(self) -> int:
        return self.meta.now_ms

    @property
    def key(self) -> str | None:
        """What the visitor is known by in percentages and windows; None when neither id was sent."""
        return stickiness_key(self.attributes)

    @property
    def environment(self) -> str:
        return self.attributes.get("environment") or DEFAULT_ENVIRONMENT

    @property
    def current_version(self) -> str | None:
        """The version the visitor says it has."""
        return self.attributes.get("currentVersion")

    def read_only(self) -> EvaluationContext:
        """The same context for somebody who only wants to know: it enters no window."""
        if not self.admits:
            return self
        twin = self._copy()
        twin.admits = False
        return twin

    def with_links(self, read_link: ReadLink) -> EvaluationContext:
        """The same context, with signed links read by `read_link`."""
        twin = self._copy()
        twin.read_link = read_link
        return twin

    def _copy(self) -> EvaluationContext:
        twin = EvaluationContext.__new__(EvaluationContext)  # name by name: this is made for every visitor
        twin._delivery, twin.attributes, twin.meta = self._delivery, self.attributes, self.meta
        twin.link_token, twin.read_link = self.link_token, self.read_link
        twin.ledger, twin.admits = self.ledger, self.admits
        return twin


def _as_sent(attributes: Mapping[str, Any]) -> Mapping[str, Any]:
    """`attributes` with texts, as a request would hold them: conditions rely on it."""
    if all(type(value) is str or name in _OTHER_THAN_TEXT for name, value in attributes.items()):
        found = dict(attributes)
    else:
        sent = ((name, _text(name, value)) for name, value in attributes.items())
        found = {name: value for name, value in sent if value is not None}
    capabilities = found.pop(_CAPABILITY, None)
    if isinstance(capabilities, frozenset | set | tuple | list):
        found[_CAPABILITY] = frozenset(each for each in capabilities if isinstance(each, str))
    return found


def _text(name: str, value: Any) -> Any:
    if name in _OTHER_THAN_TEXT or isinstance(value, str):
        return value
    if isinstance(value, bool):
        return str(value).lower()
    return str(value) if isinstance(value, int | float) else None


_OTHER_THAN_TEXT = frozenset({"now", _CAPABILITY})
