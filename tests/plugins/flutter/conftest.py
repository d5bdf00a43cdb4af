"""A Flutter app on disk, and a Dart grammar."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import tree_sitter_dart
from tree_sitter import Language, Node, Parser

from miniprogram_flutter.generator import FlutterGenerator

ANDROID = 'xmlns:android="http://schemas.android.com/apk/res/android"'


class DartFile:
    """Parsed Dart source. `errors` are the places the grammar could not read."""

    def __init__(self, source: bytes, root: Node) -> None:
        self._source, self._root = source, root

    @property
    def errors(self) -> list[str]:
        return [self.text(node) for node in self._walk(self._root) if node.is_error or node.is_missing]

    def texts(self, kind: str) -> list[str]:
        """The source of every node of `kind`, in order."""
        return [self.text(node) for node in self._walk(self._root) if node.type == kind]

    def names(self, kind: str) -> list[str]:
        """The `name` of every declaration of `kind`, in order."""
        found = [node.child_by_field_name("name") for node in self._walk(self._root) if node.type == kind]
        return [self.text(node) for node in found if node is not None]

    def text(self, node: Node) -> str:
        return self._source[node.start_byte : node.end_byte].decode()

    def _walk(self, node: Node) -> Iterator[Node]:
        yield node
        for child in node.children:
            yield from self._walk(child)


@pytest.fixture(scope="session")
def parse_dart() -> Callable[[bytes], DartFile]:
    parser = Parser(Language(tree_sitter_dart.language()))

    def parse(source: bytes) -> DartFile:
        return DartFile(source, parser.parse(source).root_node)

    return parse


@pytest.fixture
def flutter() -> FlutterGenerator:
    return FlutterGenerator()


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """What `flutter create` leaves, as far as embedding looks at it."""
    root = tmp_path / "shop_host"
    main, debug = (root / "android" / "app" / "src" / name for name in ("main", "debug"))
    for folder in (root / "lib", main, debug):
        folder.mkdir(parents=True)
    (root / "lib" / "main.dart").write_text("void main() {}\n")
    (root / "pubspec.yaml").write_text(
        "name: shop_host\nversion: 2.3.1+7\n\ndependencies:\n  flutter:\n    sdk: flutter\n"
    )
    (main / "AndroidManifest.xml").write_text(f"<manifest {ANDROID}>\n    <application/>\n</manifest>\n")
    (debug / "AndroidManifest.xml").write_text(f"<manifest {ANDROID}>\n</manifest>\n")
    return root
