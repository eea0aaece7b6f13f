"""Triples, rules and proofs in words, with the labels of the ontology, in five languages.

Nobody whose language it is has read the words yet, but for the English ones.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass

from pyoxigraph import BlankNode, Literal, NamedNode, Triple, Variable

from kg.errors import DefinitionError
from kg.languages import Table, pick, words
from kg.names import CG, OWL, RDF, RDFS, short
from kg.ontology import Ontology
from kg.rules import Rule, Rules, compile
from kg.rules.model import Disjointness, Pattern

TYPE = RDF + "type"
NAMES = ("X", "Y", "Z", "U", "V", "W")
"""What the variables of a rule are called."""

TABLE: Table = {
    "is": ("is a", "er en", "er en", "er ein", "är en"),
    "if": ("if", "hvis", "hvis", "dersom", "om"),
    "then": ("then", "så", "så", "så", "så"),
    "and": ("and", "og", "og", "og", "och"),
    "because": ("since", "fordi", "fordi", "fordi", "eftersom"),
    "disjoint": (
        "nothing is both",
        "intet er både",
        "ingenting er både",
        "ingenting er både",
        "inget är både",
    ),
    "against": ("against it", "imod", "imot", "imot", "emot"),
    "above": ("as above", "som ovenfor", "som over", "som ovanfor", "som ovan"),
    "others": (
        "one of {number} ways",
        "en af {number} måder",
        "en av {number} måter",
        "ein av {number} måtar",
        "ett av {number} sätt",
    ),
    "missing": ("missing", "mangler", "mangler", "manglar", "saknas"),
    "holds": ("holds", "gælder", "gjelder", "gjeld", "gäller"),
    "instead": ("but", "men", "men", "men", "men"),
    "would": (
        "it would hold with",
        "det ville gælde med",
        "det ville gjelde med",
        "det ville gjelde med",
        "det skulle gälla med",
    ),
    "fails": ("does not hold", "gælder ikke", "gjelder ikke", "gjeld ikkje", "gäller inte"),
    "no-rule": (
        "no rule gives it, and nobody says it",
        "ingen regel giver det, og ingen siger det",
        "ingen regel gir det, og ingen sier det",
        "ingen regel gjev det, og ingen seier det",
        "ingen regel ger det, och ingen säger det",
    ),
    "many": (
        "{number} assertions give it, too many to try whether each is needed",
        "{number} udsagn giver det, for mange til at prøve om hvert af dem behøves",
        "{number} utsagn gir det, for mange til å prøve om hvert av dem trengs",
        "{number} utsegner gjev det, for mange til å prøve om kvar av dei trengst",
        "{number} utsagor ger det, för många för att pröva om var och en behövs",
    ),
    "one": (
        "one assertion gives it",
        "ét udsagn giver det",
        "ett utsagn gir det",
        "éi utsegn gjev det",
        "en utsaga ger det",
    ),
    "every": (
        "{number} assertions give it, and none can be left out",
        "{number} udsagn giver det, og ingen kan undværes",
        "{number} utsagn gir det, og ingen kan unnværes",
        "{number} utsegner gjev det, og ingen kan unnverast",
        "{number} utsagor ger det, och ingen kan undvaras",
    ),
}


@dataclass(frozen=True)
class Tongue:
    """How terms and rules are told in `lang`; `label` gives what a person calls a node, if there is that."""

    ontology: Ontology
    name: Callable[[NamedNode | BlankNode], str]
    label: Callable[[NamedNode], str | None]
    lang: str = "en"

    def __getitem__(self, key: str) -> str:
        return words(TABLE, self.lang)[key]

    def term(self, term: object) -> str:
        """A node by its label and its name, a literal by its text, a variable by its letter."""
        if isinstance(term, Literal):
            return f"“{term.value}”"
        if not isinstance(term, NamedNode):
            return str(term)
        name = self.name(term)
        label = self.label(term)
        return f"{label} ({name})" if label and label != name else name

    def known(self, iri: NamedNode) -> str:
        """A class, property or code by its label in the reader's language."""
        return f"“{self.ontology.label(iri, self.lang)}”"

    def triple(self, triple: Triple) -> str:
        """A triple as a short sentence."""
        return self.said(self.term(triple.subject), triple.predicate, triple.object)

    def said(self, subject: str, predicate: NamedNode, value: object) -> str:
        """Subject, property and value as a short sentence; a value that is a text is told as it is."""
        if predicate.value == TYPE and isinstance(value, NamedNode):
            return f"{subject} {self['is']} {self.known(value)}"
        return f"{subject} {self.known(predicate)} {self._value(value)}"

    def _value(self, value: object) -> str:
        if isinstance(value, NamedNode) and value.value in self.ontology.concepts:
            return self.known(value)
        return value if isinstance(value, str) else self.term(value)

    def rule(self, rule: Rule) -> str:
        """A rule as a sentence: a shortcut by its label, what an axiom amounts to as if and then."""
        if rule.head is None:
            return self._shortcut(rule)
        parts = [part for pattern in (*rule.body, rule.head) for part in pattern]
        variables = dict.fromkeys(part for part in parts if isinstance(part, Variable))
        called = {variable: NAMES[at % len(NAMES)] for at, variable in enumerate(variables)}
        body = [self._pattern(pattern, called) for pattern in rule.body]
        head = self._pattern(rule.head, called)
        return f"{self['if']} {_listed(body, self['and'])}, {self['then']} {head}"

    def _pattern(self, pattern: Pattern, called: dict[Variable, str]) -> str:
        subject, predicate, value = pattern
        told = called[subject] if isinstance(subject, Variable) else self.term(subject)
        return self.said(told, predicate, called[value] if isinstance(value, Variable) else value)

    def statement(self, triples: Collection[Triple]) -> str:
        """An axiom or a fact: as rules where it amounts to any, else nearly as Turtle has it."""
        (first, *more) = triples
        if not more and not first.predicate.value.startswith((RDFS, OWL)):
            kind = first.object.value if isinstance(first.object, NamedNode) else ""
            if not kind.startswith(OWL):
                return self.triple(first)
        try:
            found = compile(triples, prefixes=self.ontology.prefixes)
        except DefinitionError:
            found = Rules()
        pairs = map(self.disjoint, found.disjoint)
        return "; ".join([*map(self.rule, found), *pairs]) or self._turtle(triples)

    def disjoint(self, pair: Disjointness) -> str:
        """That two classes have nothing in common."""
        return f"{self['disjoint']} {self.known(pair.class_a)} {self['and']} {self.known(pair.class_b)}"

    def _turtle(self, triples: Collection[Triple]) -> str:
        """Triples in short, blank nodes in brackets."""
        about: dict[object, list[Triple]] = {}
        for triple in sorted(triples, key=str):
            about.setdefault(triple.subject, []).append(triple)
        within = {triple.object for triple in triples if isinstance(triple.object, BlankNode)}

        def part(term: object) -> str:
            if isinstance(term, BlankNode) and term in about:
                return f"[ {said(term)} ]"
            if isinstance(term, NamedNode):
                text = short(term.value, self.ontology.prefixes)
                return self.name(term) if text.startswith("<") else text
            return str(term)

        def said(node: object) -> str:
            return " ; ".join(f"{part(t.predicate)} {part(t.object)}" for t in about[node])

        return ". ".join(f"{part(node)} {said(node)}" for node in about if node not in within)

    def _shortcut(self, rule: Rule) -> str:
        prefix, _, local = rule.axiom.partition(":")
        iri = NamedNode(self.ontology.prefixes.get(prefix, CG) + local)
        labels = {
            q.object.language or "": q.object.value
            for q in self.ontology.shortcuts
            if q.subject == iri and q.predicate.value == RDFS + "label" and isinstance(q.object, Literal)
        }
        return pick(labels, self.lang) if labels else rule.name


def _listed(parts: Iterable[str], last: str) -> str:
    """The parts as a list in a sentence.

    >>> _listed(["a", "b", "c"], "and"), _listed(["a"], "and")
    ('a, b and c', 'a')
    """
    *most, final = parts
    return f"{', '.join(most)} {last} {final}" if most else final
