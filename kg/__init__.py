"""Casegraph: a knowledge graph of case studies, from case files to answers with evidence.

`kg.open()` gives a `Graph` to ask, check and export; `kg.validate()` holds anybody's RDF against anybody's
shapes. Names are loaded when they are first used.
"""

from kg import lazy

TYPE_CHECKING = False  # the real one is in a module that takes longer to load than all of this
if TYPE_CHECKING:
    from kg.api import Answer as Answer, Graph as Graph, Report as Report, open as open, validate as validate
    from kg.errors import (
        DefinitionError as DefinitionError,
        InputError as InputError,
        KGError as KGError,
        UsageError as UsageError,
    )

__version__ = "0.1.0"

__getattr__, __all__ = lazy.names(
    __name__,
    {
        "api": ("Answer", "Graph", "Report", "open", "validate"),
        "errors": ("DefinitionError", "InputError", "KGError", "UsageError"),
    },
)
__all__ += ["__version__"]


def __dir__() -> list[str]:
    """The names of this module, those not yet loaded among them."""
    return sorted({*globals(), *__all__})
