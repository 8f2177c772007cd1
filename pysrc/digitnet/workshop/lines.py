"""What a line of Python touches, read from its syntax tree: names, attributes, items, and products of matrices."""

import ast
from functools import lru_cache
from typing import NamedTuple

# Expressions of these can be evaluated again without doing anything.
HARMLESS = (
    ast.Name, ast.Attribute, ast.Subscript, ast.Constant, ast.UnaryOp, ast.USub, ast.Slice, ast.Tuple, ast.expr_context,
)  # fmt: skip


class Product(NamedTuple):
    """A sum of products: `left @ right`, or a sum over the rows of `left` where there is no `right`."""

    left: str
    right: str | None


class Line(NamedTuple):
    """A statement's first line, the expressions that it touches, those that it assigns, and its sum of products."""

    number: int
    touched: tuple[str, ...]
    assigned: tuple[str, ...]
    product: Product | None


@lru_cache(maxsize=32)  # a step is recorded again and again
def lines_of(text: str) -> dict[int, Line]:
    """Return for every line of a file that belongs to a statement what that statement touches, by line number."""
    found: dict[int, Line] = {}
    source = _Source(text)
    for node in ast.walk(ast.parse(text)):
        if not isinstance(node, ast.stmt) or isinstance(node, ast.FunctionDef | ast.ClassDef | ast.Import):
            continue
        parts = _own_parts(node)
        if not parts:
            continue
        touched = [expression for part in parts for expression in source.touched(part)]
        line = Line(
            node.lineno, tuple(dict.fromkeys(touched)), tuple(dict.fromkeys(source.assigned(node))),
            next((product for part in parts for product in source.products(part)), None),
        )  # fmt: skip
        last = max(getattr(part, "end_lineno", None) or node.lineno for part in parts)
        for number in range(node.lineno, last + 1):
            found[number] = line
    return found


def _own_parts(node: ast.stmt) -> list[ast.expr]:
    """Return the expressions of a statement itself, without the statements inside it."""
    if isinstance(node, ast.With):
        return [item.context_expr for item in node.items]
    return [
        child for child in ast.iter_child_nodes(node) if isinstance(child, ast.expr) and child is not _annotation(node)
    ]


def _annotation(node: ast.stmt) -> ast.expr | None:
    return node.annotation if isinstance(node, ast.AnnAssign) else None


def is_harmless(node: ast.AST) -> bool:
    """Tell whether evaluating an expression once more does nothing."""
    return all(isinstance(child, HARMLESS) for child in ast.walk(node))


class _Source:
    """Reads the expressions of a file as they are written there."""

    def __init__(self, text: str) -> None:
        self.text = text

    def _text(self, node: ast.expr) -> str:
        return " ".join((ast.get_source_segment(self.text, node) or "").split())

    def touched(self, node: ast.expr) -> list[str]:
        """Return the largest harmless expressions in an expression, without what is only called."""
        if isinstance(node, ast.Name | ast.Attribute | ast.Subscript) and is_harmless(node):
            return [self._text(node)]
        if isinstance(node, ast.Call):
            called = node.func.value if isinstance(node.func, ast.Attribute) else None
            arguments = [*node.args, *(keyword.value for keyword in node.keywords)]
            return [e for part in ([called] if called else []) + arguments for e in self.touched(part)]
        if isinstance(node, ast.Lambda | ast.ListComp | ast.GeneratorExp | ast.SetComp | ast.DictComp):
            return []
        return [e for child in ast.iter_child_nodes(node) if isinstance(child, ast.expr) for e in self.touched(child)]

    def assigned(self, node: ast.stmt) -> list[str]:
        """Return the expressions that a statement assigns to."""
        if isinstance(node, ast.Assign):
            targets = node.targets
        elif isinstance(node, ast.AugAssign | ast.AnnAssign | ast.For):
            targets = [node.target]
        else:
            return []
        flat = [
            e for target in targets for e in (target.elts if isinstance(target, ast.Tuple | ast.List) else [target])
        ]
        return [self._text(e) for e in flat if is_harmless(e)]

    def products(self, node: ast.expr) -> list[Product]:
        """Return the sums of products of harmless operands: a @ b, ops.matmul(a, b), x.sum(axis=0)."""
        found = []
        for child in ast.walk(node):
            if isinstance(child, ast.BinOp) and isinstance(child.op, ast.MatMult):
                operands: list[ast.expr] = [child.left, child.right]
            elif isinstance(child, ast.Call) and _name(child.func).endswith("matmul") and len(child.args) == 2:
                operands = child.args
            elif isinstance(child, ast.Call) and isinstance(child.func, ast.Attribute) and child.func.attr == "sum":
                axis = next((keyword.value for keyword in child.keywords if keyword.arg == "axis"), None)
                if not (isinstance(axis, ast.Constant) and axis.value == 0):
                    continue
                operands = [child.func.value]
            else:
                continue
            if all(map(is_harmless, operands)):
                texts = [self._text(operand) for operand in operands]
                found.append(Product(texts[0], texts[1] if len(texts) > 1 else None))
        return found


def _name(node: ast.expr) -> str:
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""
