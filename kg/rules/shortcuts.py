"""`sh:SPARQLRule`s → rules: the CONSTRUCTs that run once, before what OWL says.

A shortcut runs over one merged graph of all that is asserted. One that says `$this` runs
for the instances of its shape's target classes and of what the axioms put below those;
they are joined in as the first pattern of its WHERE, so a FILTER in a nested branch of a
UNION does not see `$this`. One that does not say `$this` runs once, whatever the target.

Source: SHACL Advanced Features, https://www.w3.org/TR/shacl-af/#SPARQLRule
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from itertools import groupby

from pyoxigraph import Literal, NamedNode, Quad, Store, Triple

from kg.errors import Fault
from kg.names import OWL, RDFS, SH, short
from kg.places import Places
from kg.rules.construct import Construct
from kg.rules.model import TYPE, Rule
from kg.rules.reading import About, Term, index

Order = tuple[Decimal, Decimal]
"""Of the shape, then of the rule."""

CLASSES = {NamedNode(RDFS + "Class"), NamedNode(OWL + "Class")}


def read_shortcuts(
    shapes: Iterable[Quad | Triple],
    axioms: Iterable[Quad | Triple],
    prefixes: Mapping[str, str],
    places: Places | None = None,
) -> tuple[tuple[tuple[Rule, ...], ...], list[Fault]]:
    """The rules in `shapes`, grouped by `sh:order` (of the shape, then of the rule), and all faults.

    Rules of one group do not see each other's triples. `axioms` tell the subclasses of
    target classes, `prefixes` shorten IRIs in names; a query has those of its `sh:prefixes`.
    Faults stand where `places` says that the rule is written, or the first of its shapes.
    """
    reader = _Reader(index(shapes), index(axioms), prefixes, places or Places())
    found = sorted(reader.rules(), key=lambda each: (each[0], each[1].name, each[1].sparql))
    groups = groupby(found, key=lambda each: each[0])
    return tuple(tuple(rule for _, rule in group) for _, group in groups), reader.faults


@dataclass(slots=True)
class _Reader:
    about: dict[Term, About]
    axioms: dict[Term, About]
    prefixes: Mapping[str, str]
    places: Places = field(default_factory=Places)
    faults: list[Fault] = field(default_factory=list)

    def rules(self) -> Iterator[tuple[Order, Rule]]:
        shapes: dict[Term, list[Term]] = defaultdict(list)
        for shape in self.about:
            for rule in self._all(shape, "rule"):
                shapes[rule].append(shape)
        loose = [rule for rule in self.about if rule not in shapes and self._all(rule, "construct")]
        for rule in (*shapes, *loose):
            yield from self._rule(rule, shapes.get(rule, []))

    def _rule(self, rule: Term, shapes: list[Term]) -> Iterator[tuple[Order, Rule]]:
        """The rule, unless it or all its shapes are deactivated, or it is at fault."""
        active = [shape for shape in shapes if not self._is_off(shape)]
        if self._is_off(rule) or len(active) < min(1, len(shapes)):
            return
        iri = self._iri(rule, shapes)
        name = self._label(rule) or iri
        wrong = list(self._wrong(rule, active))
        if not wrong:
            sparql = self._sparql(rule, active)
            wrong += _syntax(sparql)
        if wrong:
            spots = (self.places.find(node) for node in (rule, *shapes) if not isinstance(node, str))
            place = next((found[0] for found in spots if found), None)
            self.faults += [Fault(place, f"shortcut {name}: {what}", fix) for what, fix in wrong]
        else:
            order = min((self._order(shape), self._order(rule)) for shape in active)
            yield order, Rule(name, "shortcut", iri, sparql)

    def _wrong(self, rule: Term, shapes: list[Term]) -> Iterator[tuple[str, str]]:
        """All that is wrong with how the rule is written, up to the syntax of its query."""
        if not shapes:
            yield "no shape has it as sh:rule", "hang it on a node shape"
        if self._all(rule, "condition"):
            yield "sh:condition is not supported", "put the condition into WHERE"
        for node in (rule, *shapes):
            try:
                self._order(node)
            except InvalidOperation:
                yield "sh:order is not a number", "write an integer or a decimal"
        match self._all(rule, "construct"):
            case [Literal() as text]:
                query = Construct(text.value)
                yield from query.wrong()
                if query.says_this and not self._targets(shapes):
                    yield "it says $this, but no shape of it has a sh:targetClass", "give the shape one"
            case _:
                yield "it has not one sh:construct", "only sh:SPARQLRule is supported, one query in each"

    def _sparql(self, rule: Term, shapes: list[Term]) -> str:
        query = Construct(_text(self._all(rule, "construct")[0]))
        prologue = "".join(f"PREFIX {prefix}: <{space}> " for prefix, space in sorted(self._declared(rule)))
        return prologue + (query.aimed_at(self._targets(shapes)) if query.says_this else query.text)

    def _declared(self, rule: Term) -> Iterator[tuple[str, str]]:
        """The prefixes that `sh:prefixes` leads to, those of imported ontologies with them."""
        nodes = dict.fromkeys(self._all(rule, "prefixes"))
        for node in (todo := list(nodes)):
            more = [n for n in self.about.get(node, {}).get(OWL + "imports", ()) if n not in nodes]
            nodes.update(dict.fromkeys(more))
            todo += more
        for declared in (each for node in nodes for each in self._all(node, "declare")):
            for prefix, space in zip(
                self._all(declared, "prefix"), self._all(declared, "namespace"), strict=False
            ):
                yield _text(prefix), _text(space)

    def _targets(self, shapes: list[Term]) -> list[NamedNode]:
        """The target classes of the shapes (a shape may be one itself), and all below them."""
        targets = {c for shape in shapes for c in self._all(shape, "targetClass")}
        targets |= {s for s in shapes if CLASSES & {*self.about[s].get(TYPE.value, ())}}
        above = {s: {*about.get(RDFS + "subClassOf", ())} for s, about in self.axioms.items()}
        size = 0
        while size < len(targets):
            size = len(targets)
            targets |= {s for s in above if above[s] & targets}
        return sorted((c for c in targets if isinstance(c, NamedNode)), key=str)

    def _all(self, node: Term, local: str) -> list[Term]:
        return self.about.get(node, {}).get(SH + local, [])

    def _is_off(self, node: Term) -> bool:
        return any(_text(value) in ("true", "1") for value in self._all(node, "deactivated"))

    def _order(self, node: Term) -> Decimal:
        return Decimal(next(map(_text, self._all(node, "order")), "0"))

    def _iri(self, rule: Term, shapes: list[Term]) -> str:
        """The IRI of the rule, or of the shape that it hangs on."""
        named = [n.value for n in (rule, *shapes) if isinstance(n, NamedNode)]
        return short(named[0], self.prefixes) if named else "without an IRI"

    def _label(self, rule: Term) -> str:
        """The English label of the rule, or the first of any other language."""
        labels = [v for v in self.about.get(rule, {}).get(RDFS + "label", ()) if isinstance(v, Literal)]
        labels.sort(key=lambda v: (v.language not in (None, "en"), v.language or "", v.value))
        return labels[0].value if labels else ""


def _text(term: Term) -> str:
    return term.value if isinstance(term, Literal) else ""


def _syntax(sparql: str) -> Iterator[tuple[str, str]]:
    """What the SPARQL parser says against the query; an empty store has no rows to work on."""
    try:
        Store().query(sparql)
    except (SyntaxError, ValueError, RuntimeError) as exc:
        yield f"its query is ill-formed: {str(exc).splitlines()[0]}", "correct it, or declare its prefixes"
