"""Which regular expressions of shapes the store cannot match, told from the shapes, whatever a run meets."""

from __future__ import annotations

from collections.abc import Iterator

from pyoxigraph import Literal

from kg.shapes.compile.regexes import Regex, regex
from kg.shapes.graph import Shapes
from kg.shapes.results import Aside
from kg.shapes.sparql import prefixes, unknown_function
from kg.shapes.triples import Data, Object, Subject
from kg.shapes.vocabulary import LISTS_OF_SHAPES, SHAPE_VALUED, sh

TRUE = Literal(True)


def asides(shapes: Shapes, data: Data) -> list[Aside]:
    """Those of the shapes that have something to judge in `data`, and of what these lean on.

    Those of components that the graph itself declares, and those that only a row of data says, are known
    when they are asked.
    """
    own = {shape: found for shape in shapes.shapes if (found := list(_own(shapes, shape)))}
    if not own:
        return []
    tops = (s for s in shapes.shapes if shapes.has_target(s) and shapes.is_active(s))
    lead = ((top, below) for top in tops if (below := own.keys() & _leaning(shapes, top)))
    used = dict.fromkeys(shape for top, below in lead if shapes.judges(top, data) for shape in below)
    return [aside for shape in used for aside in own[shape]]


def _leaning(shapes: Shapes, top: Subject) -> set[Subject]:
    """A shape with all that it leans on and that is not switched off."""
    found, todo = {top}, [top]
    while todo:
        shape = todo.pop()
        below: list[Object] = shapes.objects(shape, *SHAPE_VALUED)
        below += [each for head in shapes.objects(shape, *LISTS_OF_SHAPES) for each in shapes.items(head)]
        new = {each for each in below if isinstance(each, Subject) and shapes.is_active(each)} - found
        found |= new
        todo += new
    return found


def _own(shapes: Shapes, shape: Subject) -> Iterator[Aside]:
    """What the store cannot match of `sh:pattern` and `sh:sparql` of a shape."""
    flags = "".join(getattr(each, "value", "") for each in shapes.objects(shape, sh("flags")))
    for value in shapes.objects(shape, sh("pattern")):
        if isinstance(value, Literal):
            yield from _aside(shape, None, regex(value.value, flags))
    for node in shapes.objects(shape, sh("sparql")):
        if isinstance(node, Subject) and TRUE not in shapes.objects(node, sh("deactivated")):
            for each in _asked(shapes, node):
                yield from _aside(shape, node, each)


def _aside(shape: Subject, constraint: Subject | None, asked: Regex) -> Iterator[Aside]:
    if not asked.is_simple:
        yield Aside(shape, constraint, asked.pattern, asked.why)


def _asked(shapes: Shapes, node: Subject) -> Iterator[Regex]:
    """The regular expressions that the query of a constraint names."""
    declared = ""
    for text in shapes.objects(node, sh("select")):
        if isinstance(text, Literal) and any(name in text.value.upper() for name in ("REGEX", "REPLACE")):
            from kg.shapes.compile.sparql import expressions

            if unknown_function(shapes, node):
                return
            declared = declared or "".join(f"PREFIX {k}: <{v}>\n" for k, v in prefixes(shapes, node).items())
            yield from expressions(declared + text.value)
