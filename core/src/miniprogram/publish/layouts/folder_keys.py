"""Keys of the two layouts a web server can serve as they are: the local workspace and the static folder."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from miniprogram.packages.rendered_file import RenderedFile
from miniprogram.publish.layouts.content_types import content_type_of
from miniprogram.publish.layouts.layout import Keys, LayoutFile


class FolderKeys:
    """`manifests/<id>/versions/<v>.json`, `screens/<id>/<v>/…`, `assets/<id>/<v>/…`, records below `records`."""

    def __init__(self, records: str) -> None:
        self._records = records

    def file(self, program_id: str, version: str, path: str) -> str:
        kind, _, rest = path.partition("/")
        if not rest:
            return f"manifests/{program_id}/versions/{version}.json"
        return f"{kind}/{program_id}/{version}/{rest}"

    def record(self, program_id: str, version: str) -> str:
        return f"{self._records}/{program_id}/{version}.json"

    def owned(self, program_id: str, version: str) -> tuple[str, ...]:
        return f"screens/{program_id}/{version}/", f"assets/{program_id}/{version}/"


def place(keys: Keys, program_id: str, version: str, files: Iterable[RenderedFile]) -> Iterator[LayoutFile]:
    """`files` with their keys and content types."""
    for file in files:
        yield LayoutFile(
            key=keys.file(program_id, version, file.path),
            body=file.body,
            content_type=content_type_of(file.path),
            path=file.path,
            sha256=file.sha256,
            filled=file.filled,
        )
