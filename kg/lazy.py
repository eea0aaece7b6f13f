"""What is loaded or made when it is first used: names of a package, regular expressions."""

from __future__ import annotations

import sys
from importlib import import_module

TYPE_CHECKING = False  # the real one is in a module that takes longer to load than all of this
if TYPE_CHECKING:
    import re
    from collections.abc import Callable, Collection, Mapping
    from typing import Any, AnyStr


def names(
    module: str, homes: Mapping[str, Collection[str]], package: str = ""
) -> tuple[Callable[[str], Any], Callable[[], list[str]], list[str]]:
    """The `__getattr__`, `__dir__` and `__all__` of a module: each name comes from where it has its home.

    `homes`: the modules of the `package` (else of the module itself), with the names that each has. None of
    these may be that of a module of the same package: Python sets a module that it loads as an attribute of
    its package. Type checkers get the same names by imports below `if TYPE_CHECKING:`, each `as` itself; they
    do not see this, since with a `__getattr__` any name would do for them. A name without a home raises
    AttributeError.
    """
    of = {name: f"{package or module}.{home}" for home, names in homes.items() for name in names}

    def get(name: str) -> Any:
        if name not in of:
            raise AttributeError(f"module {module!r} has no attribute {name!r}")
        found = getattr(import_module(of[name]), name)
        setattr(sys.modules[module], name, found)
        return found

    return get, lambda: sorted({*vars(sys.modules[module]), *of}), sorted(of)


def pattern(text: AnyStr, flags: int = 0) -> re.Pattern[AnyStr]:
    """A regular expression that is compiled when it is first used: a large one takes longer than a module.

    >>> pattern("[^a-z\ud7ff-\U0010ffff]").sub("-", "a b")
    'a-b'
    """
    found: Any = _Pattern(text, flags)
    return found  # type: ignore[no-any-return]


class _Pattern:
    def __init__(self, text: str | bytes, flags: int) -> None:
        self._made_of = text, flags

    def __getattr__(self, name: str) -> Any:
        import re

        text, flags = self._made_of
        made: Any = re.compile(text, flags)
        found = getattr(made, name)
        setattr(self, name, found)
        return found
