"""The list of modules in docs/design.md is complete, and no module imports one that stands below it there."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "kg"
ROW = re.compile(r"^\| (?P<names>`[\w/.]+`(?:(?:, | with )`[\w/.]+`)*) \| ", re.M)
ENTRIES = {"kg", "__main__"}
"""The package itself, which knows of its version and its late names, and the command's first line."""


def rows() -> list[list[str]]:
    """The modules in each row of the list."""
    design = (ROOT / "docs" / "design.md").read_text(encoding="utf-8")
    table = design.partition("## The package")[2].partition("\n\n|")[2].partition("\n\n")[0]
    return [re.findall(r"`([\w/.]+)`", row["names"]) for row in ROW.finditer(table)]


LISTED = {name.strip("/").removesuffix(".py"): row for row, names in enumerate(rows()) for name in names}


def module(path: Path) -> str:
    """The name of a module as Python has it."""
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


FILES = {module(path): path for path in sorted(PACKAGE.rglob("*.py"))}


def top(name: str) -> str:
    """The module right below the package, or the package."""
    return name.split(".")[1] if "." in name else name


def imports(name: str, *, types: bool = True) -> Iterator[str]:
    """The modules of this package that a module imports, at its start or late, and for `types` alone."""
    tree = ast.parse(FILES[name].read_text(encoding="utf-8"))
    for_types = {
        inner
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"
        for branch in node.body
        for inner in ast.walk(branch)
    }
    for node in ast.walk(tree):
        if node in for_types and not types:
            continue
        if isinstance(node, ast.Import):
            yield from (each.name for each in node.names if each.name in FILES)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{name} imports relatively"
            for each in node.names:
                inner = f"{node.module}.{each.name}"
                yield from (found for found in [inner if inner in FILES else node.module] if found in FILES)


def test_each_module_is_listed_and_nothing_else() -> None:
    names = [name for names in rows() for name in names]
    assert sorted(set(names)) == sorted(names)
    assert [name for name in names if not (PACKAGE / name).exists()] == []
    there = {top(name) for name in FILES} - ENTRIES
    assert there == {name for name in LISTED if "/" not in name}


@pytest.mark.parametrize("name", sorted({top(name) for name in FILES} - ENTRIES))
def test_a_module_imports_none_below_it(name: str) -> None:
    used = {top(each) for inner in FILES if top(inner) == name for each in imports(inner)} - ENTRIES
    assert sorted(each for each in used if LISTED[each] > LISTED[name]) == []


def test_no_module_needs_itself() -> None:
    """No two modules import each other, one of them late so that it can be loaded at all."""
    below = {name: set(imports(name, types=False)) - {"kg"} for name in FILES}
    while ends := {name for name, used in below.items() if not used & below.keys()}:
        below = {name: used for name, used in below.items() if name not in ends}
    assert below == {}


def test_files_that_the_design_names_are_there() -> None:
    design = (ROOT / "docs" / "design.md").read_text(encoding="utf-8")
    named = set(re.findall(r"`((?:kg|tests|bench)/[a-z][\w/.-]*)`", design))
    assert len(named) > 5
    assert [path for path in sorted(named) if not (ROOT / path).exists()] == []
