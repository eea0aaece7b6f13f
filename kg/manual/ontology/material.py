"""What the pages of an ontology are written from, put together once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from pyoxigraph import NamedNode

from kg import build, checking, questions
from kg.errors import Fault
from kg.explain import Examples, Explanation, explain
from kg.manual.markdown import slug, text
from kg.manual.ontology.follows import Follows
from kg.manual.ontology.judges import Judges, judges
from kg.manual.ontology.said import INFERENCE, SHAPES, Said, last
from kg.ontology import Ontology
from kg.proofs.words import Tongue
from kg.questions import Question
from kg.rules import compile
from kg.rules.leading import behind
from kg.shapes.graph import Shapes
from kg.sparql import Query
from kg.workspace import Workspace


@dataclass(frozen=True)
class Material:
    """An ontology with its rules, shapes and questions, told in `lang`.

    `explained`: the rules of shapes with their examples, by name. `asked`: the questions. `added`: the
    terms and rules that a workspace adds to the one that it builds on.
    """

    ontology: Ontology
    explained: Mapping[str, Explanation]
    asked: Sequence[Question] = ()
    lang: str = "en"
    added: frozenset[str] = frozenset()

    @classmethod
    def of(cls, workspace: Workspace, lang: str = "en") -> Material:
        """That of a workspace.

        :raises DefinitionError: if its ontology, a shape or a query is ill-formed.
        """
        onto = build.ontology_of(workspace)
        naming = build.naming(workspace, onto)
        rules = checking.all_rules(onto.shapes, naming)
        examples, shapes = Examples.read(workspace.ontology), Shapes(onto.shapes)
        explained = {
            name: explain(name, rules, onto, examples, naming, shapes)
            for name, rule in rules.items()
            if rule.shape is not None
        }
        asked = [questions.read(path) for path in workspace.questions().values()]
        added = _added(workspace, onto, explained) if workspace.extends else frozenset[str]()
        return cls(onto, explained, asked, lang, added)

    @cached_property
    def said(self) -> Said:
        """What is said of each term."""
        return Said(self.ontology, self.lang)

    @cached_property
    def tongue(self) -> Tongue:
        """How rules are told."""
        return Tongue(self.ontology, lambda node: self.said.name(node.value), lambda _: None, self.lang)

    @cached_property
    def skipped(self) -> list[Fault]:
        """Why no rule can be made of some axioms."""
        return self._compiled[1]

    @cached_property
    def _compiled(self) -> tuple[Follows, list[Fault]]:
        onto, faults = self.ontology, list[Fault]()
        rules = compile(onto.axioms, onto.shortcuts, onto.prefixes, faults, onto.places)
        names = (rule.axiom for group in rules.shortcuts for rule in group)
        steps = {name: f"{INFERENCE}#{last(name.replace(':', '#'))}" for name in names}
        return Follows(rules, self.tongue, steps), faults

    @property
    def follows(self) -> Follows:
        """What follows from what."""
        return self._compiled[0]

    @cached_property
    def judges(self) -> Judges:
        """Which shapes judge which term."""
        return judges(Shapes(self.ontology.shapes), (each.rule for each in self.explained.values()))

    def rules(self, names: Iterable[str]) -> str:
        """Links to rules of shapes."""
        return ", ".join(f"[`{name}`]({SHAPES}#{name})" for name in sorted(names))

    # --- which questions need a term

    @cached_property
    def _naming(self) -> tuple[dict[str, list[str]], dict[str, list[str]]]:
        """Term → the questions that name it; and those whose answers may rest on it by what follows."""
        direct, indirect = defaultdict[str, list[str]](list), defaultdict[str, list[str]](list)
        for question in self.asked:
            named = terms_of(question)
            for iri in named:
                direct[iri].append(question.name)
            for iri in behind(self.follows.rules, named) - named:
                indirect[iri].append(question.name)
        return direct, indirect

    def needs(self, iri: str) -> list[tuple[str, str]]:
        """The questions that need a term, as facts about it."""
        direct, indirect = self._naming
        lists = (("asked", direct.get(iri, ())), ("behind", indirect.get(iri, ())))
        return [(self.said[key], ", ".join(map(to_question, sorted(names)))) for key, names in lists]

    def named(self, question: Question) -> str:
        """Links from the page of questions to the terms that one names."""
        known = terms_of(question) & self.said.spots.keys()
        return self.said.links(known).replace("](", "](../ontology/")

    def judged(self, iri: str) -> list[tuple[str, str]]:
        """The rules that judge a term, and those that read it, as facts about it."""
        return [
            (self.said["judged"], self.rules(self.judges.judging.get(iri, ()))),
            (self.said["read"], self.rules(self.judges.reading.get(iri, ()))),
        ]

    def leads(self, iri: str) -> tuple[str, str]:
        """What follows from a term."""
        return self.said["leads"], self.said.links(self.follows.leads(iri))


def _added(workspace: Workspace, onto: Ontology, explained: Mapping[str, Explanation]) -> frozenset[str]:
    """The terms and rules that are written in the workspace itself."""
    root = workspace.root.resolve()

    def is_here(node: object) -> bool:
        places = onto.places.find(node) if isinstance(node, NamedNode) else ()
        return any(Path(place.path).resolve().is_relative_to(root) for place in places[:1])

    terms = (iri for iri in onto.classes | onto.properties | onto.concepts if is_here(NamedNode(iri)))
    rules = (name for name, each in explained.items() if is_here(each.rule.shape))
    return frozenset((*terms, *rules))


def terms_of(question: Question) -> set[str]:
    """The IRIs that the query of a question names."""
    return set(Query(question.sparql, question.path).iris)


def to_question(name: str) -> str:
    """A link to a question."""
    return f"[{text(name)}](../reference/questions.md#{slug(name)})"
