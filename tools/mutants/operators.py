"""Mutation operators over the syntax tree: each changes one thing that a test should notice.

Left alone is what no test is about: annotations, docstrings, decorators, logs, and texts for people.
"""

from __future__ import annotations

import ast
import copy
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

_NEXT: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq, ast.NotEq: ast.Eq,
    ast.Is: ast.IsNot, ast.IsNot: ast.Is, ast.In: ast.NotIn, ast.NotIn: ast.In,
}  # fmt: skip
_ARITHMETIC: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.FloorDiv, ast.FloorDiv: ast.Mult, ast.RShift: ast.LShift,
}  # fmt: skip
_FOR_PEOPLE = {"hint", "what", "message", "description", "summary", "help"}
_LOGS = {"log"}


Path = tuple[tuple[str, int | None], ...]


@dataclass(frozen=True)
class Mutant:
    """One change. `name` outlives moving lines: the function, what stood there, what stands there now."""

    name: str
    line: int
    original: ast.Module
    path: Path
    changed: ast.AST

    def tree(self) -> ast.Module:
        """The module with the change."""
        tree = copy.deepcopy(self.original)
        *above, (field, index) = self.path
        parent: Any = _at(tree, tuple(above))
        changed = copy.deepcopy(self.changed)
        if index is None:
            setattr(parent, field, changed)
        else:
            getattr(parent, field)[index] = changed
        return ast.fix_missing_locations(tree)


def mutants_of(source: str) -> Iterator[Mutant]:
    """Every mutant of a module, in the order of its lines."""
    tree = ast.parse(source)
    seen: dict[str, int] = {}
    for path, where in _nodes(tree, (), ""):
        node = _at(tree, path)
        for what, changed in _changes(node):
            name = f"{where or 'module'}: {_short(node)} -> {what}"
            seen[name] = seen.get(name, 0) + 1
            if seen[name] > 1:
                name = f"{name} (#{seen[name]})"
            yield Mutant(name, getattr(node, "lineno", 0), tree, path, changed)


def _nodes(node: ast.AST, path: Path, where: str) -> Iterator[tuple[Path, str]]:
    """Paths of all nodes that may change, with the qualified name of what they are in."""
    if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
        where = f"{where}.{node.name}" if where else node.name
    yield path, where
    for field, value in ast.iter_fields(node):
        if field in {"annotation", "returns", "decorator_list", "type_params", "bases"}:
            continue
        for index, child in _children(value):
            if isinstance(child, ast.AST) and not _is_left_alone(node, child):
                yield from _nodes(child, (*path, (field, index)), where)


def _children(value: Any) -> Iterator[tuple[int | None, Any]]:
    if isinstance(value, list):
        yield from enumerate(value)
    else:
        yield None, value


def _is_left_alone(parent: ast.AST, child: ast.AST) -> bool:
    """Whether no test is about it."""
    if isinstance(child, ast.Assign):
        is_alias = isinstance(parent, ast.Module) and isinstance(child.value, ast.Subscript)
        return is_alias or _is_text_for_people(child.value)
    if isinstance(child, ast.Expr):
        return isinstance(child.value, ast.Constant) or _is_log(child.value)
    if isinstance(child, ast.AnnAssign):  # fields of models: their bounds have tests of their own
        return isinstance(parent, ast.ClassDef)
    is_typing = isinstance(child, ast.If) and "TYPE_CHECKING" in ast.unparse(child.test)
    is_text = isinstance(child, ast.keyword) and child.arg in _FOR_PEOPLE
    return is_typing or is_text or isinstance(child, (ast.JoinedStr, ast.Import, ast.ImportFrom))


def _is_text_for_people(value: ast.expr) -> bool:
    return isinstance(value, ast.JoinedStr) or (isinstance(value, ast.Constant) and isinstance(value.value, str))


def _is_log(value: ast.expr) -> bool:
    called = value.func if isinstance(value, ast.Call) else None
    return isinstance(called, ast.Attribute) and isinstance(called.value, ast.Name) and called.value.id in _LOGS


def _changes(node: ast.AST) -> Iterator[tuple[str, ast.AST]]:
    """What a node may become, in words and as a node."""
    operator = _OPERATORS.get(type(node))
    return iter(()) if operator is None else operator(node)


def _compared(node: ast.Compare) -> Iterator[tuple[str, ast.AST]]:
    for index, found in enumerate(node.ops):
        other = _NEXT[type(found)]
        yield _said(ast.Compare(node.left, [*node.ops[:index], other(), *node.ops[index + 1 :]], node.comparators))


def _combined(node: ast.BoolOp) -> Iterator[tuple[str, ast.AST]]:
    yield _said(ast.BoolOp(ast.Or() if isinstance(node.op, ast.And) else ast.And(), node.values))
    for index in range(len(node.values)):
        rest = [*node.values[:index], *node.values[index + 1 :]]
        yield _said(rest[0] if len(rest) == 1 else ast.BoolOp(node.op, rest))


def _not_turned(node: ast.UnaryOp) -> Iterator[tuple[str, ast.AST]]:
    if isinstance(node.op, ast.Not):
        yield _said(node.operand)


def _other_arithmetic(node: ast.BinOp) -> Iterator[tuple[str, ast.AST]]:
    other = _ARITHMETIC.get(type(node.op))
    if other is not None:
        yield _said(ast.BinOp(node.left, other(), node.right))
    elif isinstance(node.op, ast.BitOr):
        yield _said(node.left)


def _deleted(_node: ast.stmt) -> Iterator[tuple[str, ast.AST]]:
    yield "nothing", ast.Pass()


def _other_constant(node: ast.Constant) -> Iterator[tuple[str, ast.AST]]:
    if isinstance(node.value, bool):
        yield _said(ast.Constant(not node.value))
    elif isinstance(node.value, int):
        yield _said(ast.Constant(node.value + 1))


def _with_less(node: ast.Tuple | ast.Set | ast.List) -> Iterator[tuple[str, ast.AST]]:
    """Without one of its names: a guard, a role, a state."""
    if not isinstance(getattr(node, "ctx", ast.Load()), ast.Load) or len(node.elts) < 1:
        return
    for index, element in enumerate(node.elts):
        if isinstance(element, (ast.Attribute, ast.Name, ast.Starred)):
            rest = [*node.elts[:index], *node.elts[index + 1 :]]
            if rest or not isinstance(node, ast.Set):
                fewer = copy.copy(node)
                fewer.elts = rest
                yield f"without {ast.unparse(element)}", fewer


def _with_fewer_arguments(node: ast.Call) -> Iterator[tuple[str, ast.AST]]:
    if isinstance(node.func, ast.Name) and node.func.id == "TypeVar":
        return
    for index, keyword in enumerate(node.keywords):
        if keyword.arg is not None and keyword.arg not in _FOR_PEOPLE:
            rest = [*node.keywords[:index], *node.keywords[index + 1 :]]
            yield f"without {keyword.arg}=", ast.Call(node.func, node.args, rest)


def _decided(node: ast.If | ast.IfExp | ast.While) -> Iterator[tuple[str, ast.AST]]:
    """Tests that have no operator of their own are turned round; the others change below."""
    if isinstance(node.test, (ast.Compare, ast.BoolOp, ast.UnaryOp, ast.Constant)):
        return
    turned = copy.copy(node)
    turned.test = ast.UnaryOp(ast.Not(), node.test)
    yield f"if not {ast.unparse(node.test)}", turned


def _returned(node: ast.Return) -> Iterator[tuple[str, ast.AST]]:
    if node.value is None or (isinstance(node.value, ast.Constant) and node.value.value in (None, True, False)):
        return
    yield "return None", ast.Return(ast.Constant(None))
    if isinstance(node.value, (ast.Compare, ast.BoolOp, ast.UnaryOp)):
        yield "return True", ast.Return(ast.Constant(True))


_OPERATORS: dict[type[ast.AST], Callable[[Any], Iterator[tuple[str, ast.AST]]]] = {
    ast.Compare: _compared,
    ast.BoolOp: _combined,
    ast.UnaryOp: _not_turned,
    ast.BinOp: _other_arithmetic,
    ast.Constant: _other_constant,
    **dict.fromkeys((ast.Tuple, ast.Set, ast.List), _with_less),
    ast.Call: _with_fewer_arguments,
    **dict.fromkeys((ast.If, ast.IfExp, ast.While), _decided),
    ast.Return: _returned,
    **dict.fromkeys((ast.Expr, ast.Raise, ast.AugAssign, ast.Continue, ast.Break, ast.Delete), _deleted),
}


def _said(node: ast.AST) -> tuple[str, ast.AST]:
    return ast.unparse(node), node


def _short(node: ast.AST) -> str:
    """The first line of what stands there."""
    first, *more = ast.unparse(node).splitlines()
    return f"{first} …" if more else first


def _at(tree: ast.AST, path: Path) -> ast.AST:
    found: Any = tree
    for field, index in path:
        found = getattr(found, field) if index is None else getattr(found, field)[index]
    return found  # type: ignore[no-any-return]
