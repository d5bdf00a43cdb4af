"""What all sections of `workflow status` have in common.

They are records rather than models: a section is only ever written, and a validating model for each would cost a
third of the time an editor waits for the report.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from miniprogram.record import Record

if TYPE_CHECKING:
    from typing import Protocol

    class Document(Protocol):
        """A report of another command, as pydantic dumps it."""

        def model_dump(self, *, mode: str, by_alias: bool) -> dict[str, Any]: ...


class Section(Record):
    """Part of the report. Null members are told as null, except those in `optional`, which are left out."""

    optional: ClassVar[tuple[str, ...]] = ()

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        cls.fields = tuple(name for name in cls.fields if name != "optional")

    def to_document(self) -> dict[str, Any]:
        """The section as JSON: camelCase keys in the order of the members."""
        members = ((name, getattr(self, name)) for name in self.fields)
        return {
            _camel(name): _plain(value) for name, value in members if not (value is None and name in self.optional)
        }


def _plain(value: Any) -> Any:
    if isinstance(value, Section):
        return value.to_document()
    if isinstance(value, tuple | list):
        return [_plain(each) for each in value]
    return value


def _camel(name: str) -> str:
    first, *others = name.split("_")
    return first + "".join(word.capitalize() for word in others)
