"""Names of a package that are loaded when they are first used."""

import sys
from collections.abc import Callable, Collection, Mapping
from importlib import import_module

TYPE_CHECKING = False  # the real one is in a module that takes longer to load than all of this
if TYPE_CHECKING:
    from typing import Any


def attributes(
    module: str, homes: Mapping[str, Collection[str]], package: str = ""
) -> "Callable[[str], Any]":
    """The `__getattr__` of a module: each name from the one of the `package` (else of itself) that has it.

    `homes`: modules of the package, with their names. None of these names may be that of a module of the
    same package: Python sets a module that it loads as an attribute of its package.
    """
    of = {name: f"{package or module}.{home}" for home, names in homes.items() for name in names}

    def get(name: str) -> "Any":
        if name not in of:
            raise AttributeError(f"module {module!r} has no attribute {name!r}")
        found = getattr(import_module(of[name]), name)
        setattr(sys.modules[module], name, found)
        return found

    return get
