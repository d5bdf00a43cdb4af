"""Put a mutant in the place of what was: in functions that are loaded already, or when its module is imported."""

from __future__ import annotations

import ast
import gc
import importlib.abc
import importlib.machinery
import sys
from collections.abc import Iterator, Sequence
from types import CodeType, FunctionType, ModuleType

Position = tuple[str, int]
"""A function by its qualified name and first line, which a mutant keeps."""


def replace_functions(file: str, tree: ast.Module) -> bool:
    """Give functions of the module in `file` the code they have in `tree`, whoever holds them. Says if any did.

    What the module made of its functions while it was imported stays. Raises LookupError when two share a line.
    """
    codes: dict[Position, CodeType] = {}
    for code in _codes_in(compile(tree, file, "exec", dont_inherit=True)):
        if codes.setdefault(_position_of(code), code) is not code:
            raise LookupError(f"two functions {_position_of(code)}")
    functions = [each for each in gc.get_objects() if isinstance(each, FunctionType)]
    ours = [each for each in functions if each.__code__.co_filename == file]
    changed = [each for each in ours if each.__code__ != codes[_position_of(each.__code__)]]
    for function in changed:
        function.__code__ = codes[_position_of(function.__code__)]
    return bool(changed)


def _codes_in(code: CodeType) -> Iterator[CodeType]:
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield constant
            yield from _codes_in(constant)


def _position_of(code: CodeType) -> Position:
    return code.co_qualname, code.co_firstlineno


def import_as(module: str, tree: ast.Module) -> None:
    """Have the module import as `tree`. It must not be imported yet."""
    assert module not in sys.modules, f"{module} is imported already"
    sys.meta_path.insert(0, _Finder(module, tree))


class _Finder(importlib.abc.MetaPathFinder):
    """Finds one module where it is, and gives it the changed tree."""

    def __init__(self, name: str, tree: ast.Module) -> None:
        self._name, self._tree = name, tree

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        if fullname != self._name:
            return None
        spec = importlib.machinery.PathFinder.find_spec(fullname, path, target)
        assert spec is not None, f"{fullname} is not found"
        assert spec.origin is not None, f"{fullname} has no file"
        spec.loader = _Loader(fullname, spec.origin, self._tree)
        return spec


class _Loader(importlib.machinery.SourceFileLoader):
    def __init__(self, name: str, path: str, tree: ast.Module) -> None:
        super().__init__(name, path)
        self._tree = tree

    def get_code(self, fullname: str) -> CodeType:
        return compile(self._tree, self.get_filename(fullname), "exec", dont_inherit=True)
