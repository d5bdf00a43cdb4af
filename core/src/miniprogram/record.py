"""Values with named fields, as dataclasses are, for modules that every start imports.

`dataclasses` takes longer to import than Python to start, and a named tuple a fifth of a millisecond to define. A
record costs nothing until one is made. Type checkers treat it as a frozen dataclass.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Self, dataclass_transform
else:

    def dataclass_transform(**_):
        return lambda cls: cls


@dataclass_transform(frozen_default=True)
class Record:
    """Annotated fields in order, class attributes as their defaults; equal when type and fields are.

    `cls.fields` holds the names. Subclasses may be subscripted where a type checker knows them as generic.
    """

    fields: tuple[str, ...] = ()

    def __init_subclass__(cls) -> None:
        cls.fields = tuple(cls.__annotations__)

    def __class_getitem__(cls, _: Any) -> type[Self]:
        return cls

    if not TYPE_CHECKING:

        def __init__(self, *values, **named):
            if len(values) > len(self.fields):
                raise TypeError(f"{type(self).__name__} has {len(self.fields)} fields, {len(values)} were given")
            given = dict(zip(self.fields, values, strict=False))
            for name, value in named.items():
                if name not in self.fields or name in given:
                    raise TypeError(f"{type(self).__name__} takes the field {name!r} once, if at all")
                given[name] = value
            for name in self.fields:
                if name not in given and not hasattr(type(self), name):
                    raise TypeError(f"{type(self).__name__} needs the field {name!r}")
            self.__dict__.update(given)

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError(f"{type(self).__name__} cannot be changed")

    def __eq__(self, other: object) -> bool:
        return type(self) is type(other) and self._values() == other._values()

    def __hash__(self) -> int:
        return hash(self._values())

    def __repr__(self) -> str:
        pairs = zip(self.fields, self._values(), strict=True)
        return f"{type(self).__name__}({', '.join(f'{name}={value!r}' for name, value in pairs)})"

    def _values(self) -> tuple[object, ...]:
        return tuple(getattr(self, name) for name in self.fields)
