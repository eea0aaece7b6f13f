"""Casegraph: a knowledge graph of case studies, from case files to answers with evidence.

`kg.open()` gives a `Graph` to ask, check and export; `kg.validate()` holds anybody's RDF against anybody's
shapes. Names are loaded when they are first used.
"""

from importlib import import_module

TYPE_CHECKING = False  # the real one is in a module that takes longer to load than all of this
if TYPE_CHECKING:
    from typing import Any

    from kg.api import Answer, Graph, Report, open, validate
    from kg.errors import DefinitionError, InputError, KGError, UsageError

__version__ = "0.1.0"

_HOMES = {
    "Answer": "kg.api", "Graph": "kg.api", "Report": "kg.api", "open": "kg.api",
    "validate": "kg.api",
    "KGError": "kg.errors", "DefinitionError": "kg.errors", "InputError": "kg.errors",
    "UsageError": "kg.errors",
}  # fmt: skip
"""The module that each name is in."""

__all__ = [
    "Answer",
    "DefinitionError",
    "Graph",
    "InputError",
    "KGError",
    "Report",
    "UsageError",
    "__version__",
    "open",
    "validate",
]


def __getattr__(name: str) -> "Any":
    """A name of `__all__`, from the module that it is in."""
    if name in _HOMES:
        return getattr(import_module(_HOMES[name]), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    """The names of this module, those not yet loaded among them."""
    return sorted({*globals(), *__all__})
