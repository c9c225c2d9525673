"""Mutants of a module: its source with one change, each a plausible mistake."""

import ast
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import cast

OPPOSITE: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Eq: ast.NotEq, ast.NotEq: ast.Eq, ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt,
    ast.Is: ast.IsNot, ast.IsNot: ast.Is, ast.In: ast.NotIn, ast.NotIn: ast.In,
}  # fmt: skip
QUERIES = {"filter", "exclude"}
# A misspelt column always raises an error: such a mutant proves nothing.
COLUMNS = {"values", "values_list", "order_by", "select_related", "prefetch_related", "annotate", "aggregate"}
WORDS = {"_", "gettext", "gettext_lazy"}  # texts shown to a reader do not change behaviour
# Fields of nodes without effect at run time.
SILENT = {"decorator_list", "annotation", "returns", "type_params"}


@dataclass(frozen=True)
class Mutant:
    """One change: the function, the old and new code, and the whole changed source."""

    path: str
    function: str
    before: str
    after: str
    line: int
    source: str

    @property
    def name(self) -> str:
        """Return the name of the mutant in the list of survivors: without line number, so that it survives edits."""
        return f"{self.path} {self.function}: {self.before} → {self.after}"


def mutants(root: Path, path: str) -> Iterator[Mutant]:
    """Yield every mutant of a module, in the order of its source."""
    tree = ast.parse((root / path).read_text(encoding="utf-8"))
    known = {ast.unparse(tree)}
    for place, function in list(places(tree, "module")):
        node = place.node
        for change in changes(node):
            place.put(change)
            source = ast.unparse(ast.fix_missing_locations(tree))
            place.put(node)
            if source not in known:
                known.add(source)
                yield Mutant(path, function, short(node), short(change), line_of(node), source)


def unchanged(root: Path, path: str) -> Mutant:
    """Return the control: the module's own source, to be put in its place as a mutant would be."""
    source = ast.unparse(ast.parse((root / path).read_text(encoding="utf-8")))
    return Mutant(path, "module", "", "", 0, source)


def line_of(node: ast.AST) -> int:
    """Return the first line of a node, from its first child with a line if it has none of its own."""
    return next(line for part in ast.walk(node) if (line := getattr(part, "lineno", 0)))


def short(node: ast.AST) -> str:
    """Return a node as one line of text."""
    text = ast.unparse(node) if not isinstance(node, ast.comprehension) else ast.unparse(node).strip()
    return " ".join(text.split())[:140]


@dataclass(frozen=True)
class Place:
    """The position of a node: a field of its parent, or an index in a list there."""

    parent: ast.AST
    field: str
    index: int | None = None

    @property
    def node(self) -> ast.AST:
        value = getattr(self.parent, self.field)
        return cast(ast.AST, value if self.index is None else value[self.index])

    def put(self, node: ast.AST) -> None:
        if self.index is None:
            setattr(self.parent, self.field, node)
        else:
            getattr(self.parent, self.field)[self.index] = node


def places(parent: ast.AST, function: str) -> Iterator[tuple[Place, str]]:
    """Yield each position below a node that affects behaviour, with the function it is in."""
    for field, value in ast.iter_fields(parent):
        if field in SILENT:
            continue
        for index, child in enumerate(value) if isinstance(value, list) else [(None, value)]:
            if not isinstance(child, ast.AST) or is_silent(child) or is_column(parent, child):
                continue
            inner = child.name if isinstance(child, ast.FunctionDef | ast.ClassDef) else function
            yield Place(parent, field, index), inner
            yield from places(child, inner)


def is_silent(node: ast.AST) -> bool:
    """Return whether nothing below this node affects behaviour: docstrings, imports, texts for readers, enum names."""
    if isinstance(node, ast.Import | ast.ImportFrom):
        return True
    if isinstance(node, ast.Expr):
        return isinstance(node.value, ast.Constant)
    if isinstance(node, ast.ClassDef):
        return any(ast.unparse(base).endswith("Enum") for base in node.bases)
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in WORDS


def is_column(parent: ast.AST, node: ast.AST) -> bool:
    """Return whether a node is the name of a column passed to a query."""
    if not (isinstance(parent, ast.Call) and isinstance(parent.func, ast.Attribute) and isinstance(node, ast.Constant)):
        return False
    return parent.func.attr in COLUMNS


def is_negated_by_its_parts(test: ast.expr) -> bool:
    """Return whether negating a part of a condition is equivalent to negating the whole."""
    return (isinstance(test, ast.Compare) and len(test.ops) == 1) or isinstance(test, ast.UnaryOp)


# ── Kinds of changes ─────────────────────────────────────────────────────────
def comparison(node: ast.AST) -> Iterator[ast.AST]:
    """Yield a comparison negated, or off by one."""
    if isinstance(node, ast.Compare) and len(node.ops) == 1:
        yield ast.Compare(node.left, [OPPOSITE[type(node.ops[0])]()], node.comparators)


def logic(node: ast.AST) -> Iterator[ast.AST]:
    """Yield "and" for "or", each side alone, and a negation dropped."""
    if isinstance(node, ast.BoolOp):
        yield ast.BoolOp(ast.Or() if isinstance(node.op, ast.And) else ast.And(), node.values)
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not | ast.Invert):
        yield node.operand


def condition(node: ast.AST) -> Iterator[ast.AST]:
    """Yield a condition negated, or one of a comprehension removed."""
    if isinstance(node, ast.If) and not is_negated_by_its_parts(node.test):
        yield ast.If(ast.UnaryOp(ast.Not(), node.test), node.body, node.orelse)
    if isinstance(node, ast.IfExp) and not is_negated_by_its_parts(node.test):
        yield ast.IfExp(ast.UnaryOp(ast.Not(), node.test), node.body, node.orelse)
    if isinstance(node, ast.comprehension):
        for i in range(len(node.ifs)):
            yield ast.comprehension(node.target, node.iter, node.ifs[:i] + node.ifs[i + 1 :], node.is_async)


def combination(node: ast.AST) -> Iterator[ast.AST]:
    """Yield a union, intersection, difference or sum with one side only, and union for intersection."""
    if isinstance(node, ast.BinOp) and not isinstance(node.op, ast.Mod):
        yield node.left
        yield node.right
        swapped = {ast.BitOr: ast.BitAnd, ast.BitAnd: ast.BitOr}.get(type(node.op))
        if swapped:
            yield ast.BinOp(node.left, swapped(), node.right)


def literal(node: ast.AST) -> Iterator[ast.AST]:
    """Yield another value for a constant."""
    if isinstance(node, ast.Constant):
        if isinstance(node.value, bool):
            yield ast.Constant(not node.value)
        elif isinstance(node.value, int):
            yield ast.Constant(node.value + 1)
        elif isinstance(node.value, str) and node.value:
            yield ast.Constant(f"x{node.value}")


def element(node: ast.AST) -> Iterator[ast.AST]:
    """Yield a set, list or tuple without one of its members."""
    if isinstance(node, ast.Set | ast.List | ast.Tuple) and not isinstance(getattr(node, "ctx", None), ast.Store):
        for i in range(len(node.elts)):
            rest = node.elts[:i] + node.elts[i + 1 :]
            if isinstance(node, ast.Set):
                yield ast.Set(rest) if rest else ast.Call(ast.Name("set", ast.Load()), [], [])
            else:
                yield type(node)(rest, ast.Load())


def argument(node: ast.AST) -> Iterator[ast.AST]:
    """Yield a query without one of its conditions."""
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in QUERIES:
        for i in range(len(node.args)):
            yield ast.Call(node.func, node.args[:i] + node.args[i + 1 :], node.keywords)
        for i in range(len(node.keywords)):
            yield ast.Call(node.func, node.args, node.keywords[:i] + node.keywords[i + 1 :])


def statement(node: ast.AST) -> Iterator[ast.AST]:
    """Yield `pass` instead of a statement."""
    if isinstance(node, ast.AugAssign | ast.Raise) or (isinstance(node, ast.Expr) and isinstance(node.value, ast.Call)):
        yield ast.Pass()


KINDS: tuple[Callable[[ast.AST], Iterator[ast.AST]], ...] = (
    comparison, logic, condition, combination, literal, element, argument, statement,
)  # fmt: skip


def changes(node: ast.AST) -> Iterator[ast.AST]:
    """Yield all possible replacements of a node."""
    for kind in KINDS:
        yield from kind(node)
