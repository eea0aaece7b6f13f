"""Workspace → store: read, infer, validate, write.

```
data/cases  data/reference  data/sources  ontology
      └──────────┴── read ──────┴────────────┘ → infer → validate → store
```
"""

from kg.building.collecting import read
from kg.building.graphs import Graph, Progress, assemble, infer, naming, quiet, validate
from kg.building.reading import Asserted, ontology_of, shared_nodes
from kg.building.whole import Attempt, build, case_files, check, ensure, graphs, told

__all__ = [
    "Asserted",
    "Attempt",
    "Graph",
    "Progress",
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
