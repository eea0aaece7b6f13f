"""Casegraph: a knowledge graph of case studies, from case files to answers with evidence.

`kg.open()` gives a `Graph` to ask, check and export; `kg.validate()` holds anybody's RDF against anybody's
shapes. Names are loaded when they are first used.
"""

from kg import lazy

__version__ = "0.1.0"

TYPE_CHECKING = False  # the real one is in a module that takes longer to load than all of this
if TYPE_CHECKING:
    from kg.api.answer import Answer as Answer
    from kg.api.graph import Graph as Graph, open as open
    from kg.api.report import Report as Report, validate as validate
    from kg.errors import (
        DefinitionError as DefinitionError,
        InputError as InputError,
        KGError as KGError,
        UsageError as UsageError,
    )
else:
    __getattr__, __dir__, __all__ = lazy.names(
        __name__,
        {
            "api.answer": ("Answer",),
            "api.graph": ("Graph", "open"),
            "api.report": ("Report", "validate"),
            "errors": ("DefinitionError", "InputError", "KGError", "UsageError"),
        },
    )
    __all__ += ["__version__"]
