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
    from kg.building.collecting import read
    from kg.building.graphs import Graph, Progress, assemble, infer, naming, quiet, validate
    from kg.building.reading import Asserted, ontology_of, shared_nodes
    from kg.building.statements import Statements
    from kg.building.whole import Attempt, build, case_files, check, graphs, told

__all__ = [
    "Asserted",
    "Attempt",
    "Graph",
    "Progress",
    "Statements",
    "assemble",
    "build",
    "case_files",
    "check",
    "ensure",
    "graphs",
    "infer",
    "naming",
    "ontology_of",
    "quiet",
    "read",
    "shared_nodes",
    "told",
    "validate",
]

_HOMES = {
    "collecting": ("read",),
    "graphs": ("Graph", "Progress", "assemble", "infer", "naming", "quiet", "validate"),
    "reading": ("Asserted", "ontology_of", "shared_nodes"),
    "statements": ("Statements",),
    "whole": ("Attempt", "build", "case_files", "check", "graphs", "told"),
}
"""The names that each module of `kg.building` has."""


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


__getattr__ = lazy.attributes(__name__, _HOMES, "kg.building")
