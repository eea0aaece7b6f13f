"""Nothing passes by being empty: what no shape finds, since it is about nothing, or means nothing.

Terms that nothing declares, values that their datatype does not have, shapes that judge nothing, demand
nothing, are not run, or that nothing can meet.

>>> from pyoxigraph import RdfFormat, parse
>>> from kg.shapes import validate
>>> turtle = '''PREFIX : <http://e/> PREFIX sh: <http://www.w3.org/ns/shacl#>
... :ThingShape sh:targetClass :Thing ; sh:property [ sh:path :size ; sh:minCount 1 ] .
... :a a :Thng ; :size 7 .'''
>>> quads = list(parse(turtle, RdfFormat.TURTLE))
>>> found = examine(validate(quads, quads), Subject.of(quads, quads, prefixes={"": "http://e/"}))
>>> print(found.text())
<http://e/ThingShape> warning ThingShape: the shape judged nothing: the data has no :Thing [vacuity.no-focus]
<http://e/a> warning there is no class :Thng; did you mean :Thing? [check.unknown-class]
2 warnings
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from itertools import chain

from pyoxigraph import NamedNode, Quad

from kg.names import short
from kg.places import Places
from kg.shapes import Report, Severity, local_name
from kg.shapes.compile.loading import Loaded
from kg.shapes.graph import Shapes
from kg.shapes.triples import Data, Triples
from kg.vacuity import contradictions, idle, literals, shacl, terms
from kg.vacuity.rules import RULES, Slip

__all__ = ["RULES", "Slip", "Subject", "examine", "slips"]


@dataclass(frozen=True)
class Subject:
    """What is looked at: data as it is written, shapes and ontology for it, and where all that stands.

    `derived`: properties that are made from others, and need no shape of their own. `prefixes`: how terms
    are shortened. `naming`: how an author writes a property.
    """

    data: Data
    shapes: Shapes
    ontology: Triples
    places: Places = field(default_factory=Places)
    prefixes: Mapping[str, str] = field(default_factory=dict)
    naming: Callable[[NamedNode], str] = local_name
    derived: Collection[str] = ()

    @classmethod
    def of(
        cls,
        data: Iterable[Quad] | Loaded,
        shapes: Iterable[Quad] | Shapes,
        ontology: Iterable[Quad] = (),
        **rest: object,
    ) -> Subject:
        """The subject of these quads, of any graph; `data` may be in a store already."""
        known = data if isinstance(data, Loaded) else Triples(data)
        return cls(known, Shapes.of(shapes), Triples(ontology), **rest)  # type: ignore[arg-type]


def examine(
    report: Report,
    subject: Subject,
    *,
    lang: str = "en",
    strict: bool = False,
    more: Iterable[Slip] = (),
    spare: Collection[str] = (),
) -> Report:
    """The report with the slips of `subject` and `more`, but those of the rules to `spare`.

    A slip is a warning. If `strict` it is an error, and notes are told as well.
    """
    wanted = {name for name, rule in RULES.items() if strict or rule.severity is not Severity.INFO} - {*spare}
    found = (slip for slip in chain(more, slips(report, subject)) if slip.rule in wanted)
    return report.with_findings(slip.finding(lang, strict=strict) for slip in found)


def slips(report: Report, subject: Subject) -> Iterator[Slip]:
    """All slips of `subject`, but for values that the report names already."""
    data, shapes, ontology, places = subject.data, subject.shapes, subject.ontology, subject.places
    known = terms.Vocabulary.of(ontology, shapes, data)
    name = partial(short, prefixes=subject.prefixes)
    uses = (
        terms.uses_in_data(data.vocabulary()),
        terms.uses_in_data(ontology.all),
        known.in_shapes,
    )
    unknown = list(terms.slips(chain(*uses), known, places, name))
    yield from unknown
    told = report.told.values()
    yield from literals.slips(chain(data.doubtful(), ontology.all, shapes.all), places, subject.naming, told)
    yield from contradictions.slips(shapes, places, lambda iri: name(iri.value))
    yield from idle.undemanding(shapes, places)
    yield from idle.not_run(shapes, places)
    # A target with a slip in its name is told as that.
    said = {slip.fills["term"] for slip in unknown}
    yield from shacl.slips(shapes, places, name, said)
    idlers = (
        u for u in report.unused_shapes if not u.targets or not {name(t.value) for t in u.targets} <= said
    )
    yield from idle.unused(idlers, shapes, places, name)
    yield from idle.unlooked(ontology, shapes, known, places, name, subject.derived)
