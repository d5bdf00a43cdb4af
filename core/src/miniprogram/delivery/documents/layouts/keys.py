"""Keys of stored documents, made from the map of the store for one layout and its prefixes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import cache, cached_property
from typing import TYPE_CHECKING, Literal

from miniprogram.delivery.documents import kinds
from miniprogram.delivery.documents.kinds import DocumentKind
from miniprogram.delivery.evaluation.path_segments import is_safe_file_name

if TYPE_CHECKING:
    from re import Pattern

LayoutName = Literal["cloud", "local", "static"]

BUNDLE_FOLDERS = {"screens": kinds.SCREEN, "assets": kinds.ASSET}
"""Where the files of a bundle lie in it, beside its manifest."""


class Identified:
    """What a key is the key of. `fields` by their names in the template."""

    __slots__ = ("fields", "kind")

    def __init__(self, kind: DocumentKind, fields: dict[str, str]) -> None:
        self.kind, self.fields = kind, fields


class _Field:
    """`width`: digits a number is filled up to with zeros; 0 for text."""

    __slots__ = ("name", "width")

    def __init__(self, name: str, width: int) -> None:
        self.name, self.width = name, width


_SPELLINGS = {"path": ".+", "digest": "[0-9a-f]+", "number": "[0-9]+"}
"""Fields that are no safe segment. Without theirs, `{digest}.{version}` would end at the last dot of a version."""


class _Template:
    """A template cut into texts and fields: a text before each field, and one at the end."""

    __slots__ = ("fields", "texts")

    def __init__(self, template: str) -> None:
        first, *rest = template.split("{")
        self.texts, self.fields = [first], []
        for part in rest:
            field, _, text = part.partition("}")
            name, _, width = field.partition(":")
            self.fields.append(_Field(name, int(width or 0)))
            self.texts.append(text)

    def key(self, values: tuple[str | int, ...]) -> str:
        parts = [self.texts[0]]
        for value, field, text in zip(values, self.fields, self.texts[1:], strict=True):
            parts += (f"{value:0{field.width}}" if field.width else str(value), text)
        return "".join(parts)

    def folder(self, values: tuple[str, ...]) -> str:
        """What the keys with these first fields start with, up to a slash."""
        start = "".join(text + value for text, value in zip(self.texts, values, strict=False))
        start += self.texts[len(values)]
        return start[: start.rfind("/") + 1]

    def below(self, field: str, values: tuple[str, ...]) -> str | None:
        """The folder that `field` names, given the values up to it; None when it names none in this template."""
        after = len(values)
        if len(self.fields) < after or self.fields[after - 1].name != field:
            return None
        if not self.texts[after].startswith("/"):
            return None
        return "".join(text + value for text, value in zip(self.texts, values, strict=False)) + "/"

    def pattern(self) -> str:
        from re import escape

        found = [escape(self.texts[0])]
        for field, text in zip(self.fields, self.texts[1:], strict=True):
            value = "[0-9]+" if field.width else _SPELLINGS.get(field.name, "[^/]+")
            found.append(f"(?P<{field.name}>{value}){escape(text)}")
        return "".join(found)


class Keys:
    """The keys of one layout. Prefixes as `a/b`: no slash at either end; only the cloud layout has any.

    Ids, versions and screen ids are safe segments. Raises LookupError for a kind the layout does not have.
    """

    def __init__(self, layout: LayoutName, *, artifacts: str = "artifacts", metadata: str = "metadata") -> None:
        self.layout = layout
        self.artifacts_prefix, self.metadata_prefix = artifacts, metadata
        self._templates = {
            kind.name: _Template(text.replace("{artifacts}", artifacts).replace("{metadata}", metadata))
            for kind in kinds.KINDS
            if (text := getattr(kind, layout))
        }
        self._manifest_texts = self._template(kinds.MANIFEST).texts
        of = self._of_program
        self.catalog_pointer_key = of(kinds.CATALOG_POINTER)
        self.latest_manifest_key = of(kinds.LATEST_MANIFEST)
        self.disabled_pointer_key = of(kinds.DISABLED_POINTER)
        self.rollout_rules_key = of(kinds.ROLLOUT_RULES)
        self.capability_policy_key = of(kinds.CAPABILITY_POLICY)
        self.access_keys_key = of(kinds.ACCESS_KEYS)
        self.link_keys_key = of(kinds.LINK_KEYS)
        self.release_document_key = of(kinds.RELEASE_DOCUMENT)
        self.withdrawn_key = of(kinds.WITHDRAWN)
        self.last_good_key = of(kinds.LAST_GOOD)

    def key(self, kind: DocumentKind, *values: str | int) -> str:
        """The key of a document of `kind`; `values` are its fields in the order of the template."""
        return self._template(kind).key(values)

    def folder(self, kind: DocumentKind, *values: str) -> str:
        """What keys of `kind` with these first fields start with, up to and including a slash."""
        return self._template(kind).folder(values)

    def has(self, kind: DocumentKind) -> bool:
        """Whether the layout has documents of `kind`."""
        return kind.name in self._templates

    def manifest_key(self, program_id: str, version: str) -> str:
        head, middle, tail = self._manifest_texts
        return f"{head}{program_id}{middle}{version}{tail}"

    def screen_key(self, program_id: str, version: str, screen_id: str) -> str:
        return self.key(kinds.SCREEN, program_id, version, screen_id)

    def asset_key(self, program_id: str, version: str, path: str) -> str:
        return self.key(kinds.ASSET, program_id, version, path)

    def release_record_key(self, program_id: str, version: str) -> str:
        return self.key(kinds.RELEASE_RECORD, program_id, version)

    def bundle_file_key(self, program_id: str, version: str, path: str) -> str:
        """The key of a bundle's file, such as `screens/home.json`."""
        kind, rest = bundle_kind(path)
        return self.key(kind, program_id, version, *rest)

    def bundle_path(self, key: str) -> str | None:
        """The path in the bundle of a version's file; None for an object that is none."""
        found = self.identify(key)
        if found is None:
            return None
        paths = {
            kinds.MANIFEST.name: "manifest.json",
            kinds.SCREEN.name: f"screens/{found.fields.get('screen')}.json",
            kinds.ASSET.name: f"assets/{found.fields.get('path')}",
        }
        return paths.get(found.kind.name)

    def segment_ids_key(self, relative_key: str) -> str:
        """The object behind a segment's key, which policies name relative to this."""
        return self._segments_base + relative_key

    def relative_segment_key(self, program_id: str, segment: str, number: int) -> str:
        """What a policy calls an id list."""
        return self.key(kinds.SEGMENT_IDS, program_id, segment, number).removeprefix(self._segments_base)

    def audit_event_key(self, chain: str, seq: int) -> str:
        return self.key(kinds.AUDIT_EVENT, chain, seq)

    @cached_property
    def environment_document_key(self) -> str:
        return self.key(kinds.ENVIRONMENT_DOCUMENT)

    @property
    def environment_copy_key(self) -> str:
        return self.key(kinds.ENVIRONMENT_COPY)

    @property
    def metadata_folder(self) -> str:
        """What the folders of all kinds of metadata lie in."""
        return f"{self.metadata_prefix}/"

    @cached_property
    def program_index_key(self) -> str:
        return self.key(kinds.PROGRAM_INDEX)

    def version_folders(self, program_id: str, version: str) -> tuple[str, ...]:
        """Prefixes below which there is nothing but files of this version."""
        going = self._kinds_of("version")
        return _unique(self._template(kind).below("version", (program_id, version)) for kind in going)

    def program_keys(self, program_id: str) -> Iterator[str]:
        """Keys of the single documents that go when the program is deleted."""
        for kind in self._going():
            template = self._template(kind)
            if len(template.fields) == 1:
                yield template.key((program_id,))

    def program_folders(self, program_id: str) -> tuple[str, ...]:
        """Prefixes below which everything goes when the program is deleted."""
        return _unique(self._template(kind).below("program", (program_id,)) for kind in self._going())

    def program_top_folders(self) -> tuple[str, ...]:
        """Names of the outermost folders that hold documents of mini-programs."""
        starts = (self._template(kind).texts[0] for kind in self._kinds_of("version", "program"))
        return tuple(dict.fromkeys(start.partition("/")[0] for start in starts))

    def identify(self, key: str) -> Identified | None:
        """What `key` is the key of; None for an object that has no business here."""
        for kind, pattern in self._patterns:
            found = pattern.fullmatch(key)
            if found is not None:
                return Identified(kind, found.groupdict())
        return None

    def names_in(self, kind: DocumentKind, key: str) -> dict[str, str] | None:
        """What `key` names, by the names in the template of `kind`; None when it is no key of that kind."""
        pattern = next((pattern for each, pattern in self._patterns if each is kind), None)
        found = pattern.fullmatch(key) if pattern is not None else None
        return None if found is None else found.groupdict()

    def is_private(self, key: str) -> bool:
        """Whether only its owner may read the object's file."""
        found = self.identify(key)
        return found is not None and found.kind.is_private

    def known_names(self, folder: str) -> frozenset[str]:
        """Names of the folders directly below `folder` that the layout knows, with a slash at their end."""
        starts = (template.texts[0] for template in self._templates.values())
        rests = (start.removeprefix(folder) for start in starts if start.startswith(folder))
        return frozenset(f"{rest.partition('/')[0]}/" for rest in rests if "/" in rest)

    def _of_program(self, kind: DocumentKind) -> Callable[[str], str]:
        """Makes keys of `kind` fast: they are asked for with every request."""
        template = self._templates.get(kind.name)
        if template is None:
            return lambda _: self.key(kind)
        head, tail = template.texts
        return lambda program_id: f"{head}{program_id}{tail}"

    def _template(self, kind: DocumentKind) -> _Template:
        template = self._templates.get(kind.name)
        if template is None:
            raise LookupError(f"the {self.layout} layout has no {kind.name}")
        return template

    def _kinds_of(self, *scopes: str) -> Iterator[DocumentKind]:
        return (kind for kind in kinds.KINDS if kind.scope in scopes and self.has(kind))

    def _going(self) -> Iterator[DocumentKind]:
        return (kind for kind in self._kinds_of("version", "program") if not kind.survives_deletion)

    @cached_property
    def _segments_base(self) -> str:
        folder = self.folder(kinds.SEGMENT_IDS)
        return folder[: folder.rfind("/", 0, -1) + 1]

    @cached_property
    def _patterns(self) -> list[tuple[DocumentKind, Pattern[str]]]:
        import re

        return [(kind, re.compile(self._template(kind).pattern())) for kind in kinds.KINDS if self.has(kind)]


@cache
def local_keys() -> Keys:
    """The keys below `backend/api/` of a workspace."""
    return Keys("local")


def is_bundle_path(path: str) -> bool:
    """Whether a file of a bundle can lie at `path`: the manifest, or a file below one of the bundle's folders."""
    folder, *rest = path.split("/")
    return path == "manifest.json" or (
        folder in BUNDLE_FOLDERS and bool(rest) and all(map(is_safe_file_name, rest))
    )


def bundle_kind(path: str) -> tuple[DocumentKind, tuple[str, ...]]:
    """The kind a bundle's file becomes, and its own field, if any."""
    folder, _, rest = path.partition("/")
    if not rest:
        return kinds.MANIFEST, ()
    kind = BUNDLE_FOLDERS[folder]
    return kind, (rest.removesuffix(".json") if kind is kinds.SCREEN else rest,)


def _unique(folders: Iterable[str | None]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(folder for folder in folders if folder is not None))
