"""Names that are loaded when they are first used are what they are, whatever was loaded before them."""

import re
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

from kg import lazy

PACKAGES = ("kg", "kg.build", "kg.cases", "kg.evidence", "kg.formats", "kg.rules")

EACH = """
import importlib, pkgutil, sys, types
package = importlib.import_module(sys.argv[1])
for module in pkgutil.iter_modules(getattr(package, "__path__", ())):
    importlib.import_module(f"{package.__name__}.{module.name}")
print([name for name in package.__all__ if isinstance(getattr(package, name), types.ModuleType)])
"""


@pytest.mark.parametrize("package", PACKAGES)
def test_no_module_takes_the_place_of_a_name(package: str) -> None:
    run = subprocess.run(
        [sys.executable, "-c", EACH, package], capture_output=True, text=True, check=False, timeout=60
    )
    assert (run.stdout.strip(), run.stderr) == ("[]", "")


@pytest.mark.parametrize("package", PACKAGES)
def test_a_name_that_a_package_does_not_have_is_no_attribute_of_it(package: str) -> None:
    module: ModuleType = __import__(package, fromlist=["_"])
    with pytest.raises(AttributeError, match=f"module '{package}' has no attribute 'nonsense'"):
        module.nonsense  # noqa: B018


@pytest.mark.parametrize("package", PACKAGES)
def test_the_names_of_a_package_are_listed_before_they_are_loaded(package: str) -> None:
    code = "import sys; print(*dir(__import__(sys.argv[1], fromlist=['_'])))"
    run = subprocess.run(
        [sys.executable, "-c", code, package], capture_output=True, text=True, check=True, timeout=60
    )
    module: ModuleType = __import__(package, fromlist=["_"])
    assert set(module.__all__) <= set(run.stdout.split())


CHECK = """
import sys
from kg.cli.main import run
code = run(sys.argv[1:])
print(code, *(name for name in sys.modules if name.startswith(("kg.", "yaml", "rdflib", "tomllib", "xml."))))
"""


def test_a_check_against_given_shapes_loads_nothing_of_workspaces_and_queries(tmp_path: Path) -> None:
    data, shapes, out = (tmp_path / name for name in ("a.nt", "shapes.ttl", "out.jsonl"))
    data.write_text('<http://e/a> <http://e/p> "7" .')
    shapes.write_text(
        "PREFIX sh: <http://www.w3.org/ns/shacl#> <http://e/S> sh:targetSubjectsOf <http://e/p> ;"
        " sh:property [ sh:path <http://e/p> ; sh:nodeKind sh:IRI ] ."
    )
    command = [
        sys.executable,
        "-c",
        CHECK,
        "-q",
        "validate",
        str(data),
        "--shapes",
        str(shapes),
        "-o",
        str(out),
    ]
    run = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60)
    code, *loaded = run.stdout.split()
    assert (code, run.stderr) == ("1", "")
    assert len(out.read_text().splitlines()) == 1
    rest = (
        "kg.answers",
        "kg.questions",
        "kg.workspace",
        "kg.store",
        "kg.building",
        "kg.shapes.compile.sparql",
    )
    assert not [name for name in loaded if name.startswith((*rest, "yaml", "rdflib", "tomllib", "xml."))]


def test_a_lazy_pattern_is_one() -> None:
    pattern = lazy.pattern("a(b)", re.IGNORECASE)
    assert vars(pattern).keys() == {"_made_of"}
    assert pattern.fullmatch("AB")[1] == "B" and pattern.sub("", "xab") == "x"  # type: ignore[index]
    assert pattern.pattern == "a(b)" and {"fullmatch", "sub"} < vars(pattern).keys()
