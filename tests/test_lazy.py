"""Names that are loaded when they are first used are what they are, whatever was loaded before them."""

import subprocess
import sys
from types import ModuleType

import pytest

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
