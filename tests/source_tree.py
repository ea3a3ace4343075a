"""The project's own modules and what each imports, read from their syntax: nothing is executed."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("services", "gateway", "reelscribe")
STUBS = "reelscribe.v1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Module:
    """One file of the shipped packages."""

    name: str
    path: Path
    docstring: str
    imports: frozenset[str]
    """Everything, wherever in the file."""
    first_imports: frozenset[str]
    """What is imported as soon as this is: not inside functions, not for types only."""

    def __repr__(self) -> str:
        return self.name


@cache
def modules() -> tuple[Module, ...]:
    """All of services, gateway and reelscribe; the generated stubs are left out."""
    paths = (path for package in PACKAGES for path in sorted((ROOT / package).rglob("*.py")))
    return tuple(read_module(path) for path in paths if "_pb2" not in path.name)


def read_module(path: Path, root: Path = ROOT) -> Module:
    relative = path.relative_to(root).with_suffix("")
    parts = relative.parts[:-1] if relative.name == "__init__" else relative.parts
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return Module(
        name=".".join(parts),
        path=path,
        docstring=ast.get_docstring(tree) or "",
        imports=frozenset(_imported(ast.walk(tree))),
        first_imports=frozenset(_imported(_executed(tree.body))),
    )


def _executed(body: Iterable[ast.stmt]) -> Iterator[ast.AST]:
    for statement in body:
        match statement:
            case ast.FunctionDef() | ast.AsyncFunctionDef():
                continue
            case ast.If(test=ast.Name(id="TYPE_CHECKING")):
                continue
            case _:
                yield statement
                nested = [child for child in ast.iter_child_nodes(statement) if isinstance(child, ast.stmt)]
                yield from _executed(nested)


def _imported(nodes: Iterable[ast.AST]) -> Iterator[str]:
    """`from a import b` is `a.b` where that is a module of ours, else `a`."""
    for node in nodes:
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            for alias in node.names:
                whole = f"{node.module}.{alias.name}"
                yield whole if _is_module(whole) else node.module


def _is_module(name: str) -> bool:
    path = ROOT.joinpath(*name.split("."))
    return name.split(".")[0] in PACKAGES and (path.with_suffix(".py").is_file() or (path / "__init__.py").is_file())


def within(name: str, package: str) -> bool:
    """The package itself, or a module in it."""
    return name == package or name.startswith(f"{package}.")
