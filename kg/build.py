"""Workspace → store: read, infer, validate, write.

```
data/cases  data/reference  data/sources  ontology
      └──────────┴── read ──────┴────────────┘ → infer → validate → store
```

To ask a build that is up to date, nothing of what makes one is loaded.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from kg import lazy, store
from kg.building.seen import is_fresh
from kg.store import Built
from kg.workspace import Workspace

if TYPE_CHECKING:
    from kg.building.collecting import read as read
    from kg.building.graphs import (
        Graph as Graph,
        Progress as Progress,
        assemble as assemble,
        infer as infer,
        naming as naming,
        quiet as quiet,
        validate as validate,
    )
    from kg.building.reading import (
        Asserted as Asserted,
        ontology_of as ontology_of,
        shared_nodes as shared_nodes,
    )
    from kg.building.statements import Statements as Statements
    from kg.building.whole import (
        Attempt as Attempt,
        build as build,
        case_files as case_files,
        check as check,
        graphs as graphs,
        told as told,
    )
else:
    __getattr__, __dir__, __all__ = lazy.names(
        __name__,
        {
            "collecting": ("read",),
            "graphs": ("Graph", "Progress", "assemble", "infer", "naming", "quiet", "validate"),
            "reading": ("Asserted", "ontology_of", "shared_nodes"),
            "statements": ("Statements",),
            "whole": ("Attempt", "build", "case_files", "check", "graphs", "told"),
        },
        "kg.building",
    )
    __all__ += ["ensure"]


def ensure(
    workspace: Workspace,
    say: Callable[[str], None] = lambda _: None,
    progress: Callable[[str], None] = lambda _: None,
) -> Built:
    """The current build, made anew where there is none or the files have changed since.

    It is made without the shapes, so that asking stays quick: `build` and `validate` run those.

    :raises InputError: if a file cannot be read.
    """
    built = store.current(workspace.build)
    if built and is_fresh(workspace, built):
        return built
    from kg.building.whole import ensure as make

    return make(workspace, say, progress)
