"""Property shapes that demand the same of the values of the same property, at nodes of many classes.

What one of them demands is asked once for the classes of all: each node takes as long, but there is one query
and not hundreds.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from kg.shapes.compile.constraints import Count
from kg.shapes.compile.demands import Demand
from kg.shapes.compile.focus import Focus, Instances, OfMany, Part
from kg.shapes.compile.logic import Logic
from kg.shapes.compile.model import Shape
from kg.shapes.compile.sites import is_simple
from kg.shapes.paths import Path
from kg.shapes.triples import Object, Subject

LEAST = 4
"""Of how many parts a family has to be."""

Inline = Callable[[Subject], tuple[Demand, ...] | None]
Signature = tuple[object, ...]


class Families:
    """The families of the property shapes below shapes with targets, by what they demand.

    `shape` reads a shape, `inline` tells what one comes to that is about the node alone.
    """

    def __init__(self, targeted: Iterable[Shape], shape: Callable[[Subject], Shape], inline: Inline) -> None:
        self._inline = inline
        found: dict[Signature, set[Part]] = {}
        members: dict[Subject, Signature] = {}
        counted: dict[Path, set[Part]] = {}
        for each in targeted:
            for node in each.properties if _is_of_classes(each.targets) else ():
                if _counts(below := shape(node)) and below.path:
                    counted.setdefault(below.path, set()).update(each.targets.parts)
                if signature := self._signature(below):
                    members[node] = signature
                    found.setdefault(signature, set()).update(each.targets.parts)
        many = {
            signature: (parts, _classes(parts)) for signature, parts in found.items() if len(parts) >= LEAST
        }
        self._of = {node: many[signature] for node, signature in members.items() if signature in many}

        self._counted = {
            path: (parts, _classes(parts)) for path, parts in counted.items() if len(parts) >= LEAST
        }

    def counted(self, shape: Shape, focus: Focus) -> OfMany | None:
        """The classes of which values of the same property are counted, if all of the focus is among them."""
        if not shape.path or not _counts(shape):
            return None
        parts, classes = self._counted.get(shape.path, (frozenset(), None))
        return classes if parts.issuperset(focus.parts) else None

    def of(self, shape: Shape, focus: Focus) -> OfMany | None:
        """The classes of the family that a shape belongs to, if all of the focus is among them."""
        parts, classes = self._of.get(shape.node, (frozenset(), None))
        return classes if parts.issuperset(focus.parts) else None

    def _signature(self, shape: Shape) -> Signature:
        """What tells apart what shapes demand of single values; empty where that hangs on other shapes."""
        if not shape.active or not is_simple(shape.path):
            return ()
        leaning = [each for each in shape.constraints if isinstance(each, Logic)]
        inline = [self._inline(member) for each in leaning for member in each.members]
        if None in inline:
            return ()
        kinds = tuple((each.component, each.kind, len(each.members)) for each in leaning)
        return shape.path, shape.demands, kinds, tuple(inline)


def _counts(shape: Shape) -> bool:
    """Whether a shape lets a node have more than one value of a property, and not more than some number."""
    limits = (each.most for each in shape.constraints if isinstance(each, Count) and each.most is not None)
    return is_simple(shape.path) and any(most > 1 for most in limits)


def _is_of_classes(focus: Focus) -> bool:
    return bool(focus.parts) and all(isinstance(part, Instances | OfMany) for part in focus.parts)


def _classes(parts: Iterable[Part]) -> OfMany:
    found: set[Object] = set()
    for part in parts:
        if isinstance(part, Instances):
            found.add(part.cls)
        elif isinstance(part, OfMany):
            found |= part.classes
    return OfMany(frozenset(found))
