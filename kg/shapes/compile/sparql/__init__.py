"""Authors' SPARQL in shapes, asked once for all focus nodes.

>>> from pyoxigraph import NamedNode, Quad, Store
>>> a, b, p, kind = (NamedNode(f"urn:{name}") for name in ("a", "b", "p", "kind"))
>>> store = Store()
>>> store.extend([Quad(a, kind, b), Quad(b, kind, b), Quad(a, p, b)])
>>> focus = FocusSet("?this <urn:kind> <urn:b>", lambda: [a, b])
>>> lone = "SELECT $this WHERE { FILTER NOT EXISTS { $this <urn:p> ?x } }"
>>> [str(row["this"]) for row in select(store, lone, focus, {})]
['<urn:b>']
"""

from __future__ import annotations

from kg.shapes.compile.sparql.asking import Solution, ask, select
from kg.shapes.compile.sparql.checks import check, expressions, unreadable
from kg.shapes.compile.sparql.focus import FocusSet, Pairs
from kg.shapes.compile.sparql.matching import Matching

__all__ = ["FocusSet", "Matching", "Pairs", "Solution", "ask", "check", "expressions", "select", "unreadable"]
