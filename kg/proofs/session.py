"""Explaining things of one build: what is asked for, by name → proofs and what lacks, ready to be told."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from functools import cached_property

from pyoxigraph import Literal, NamedNode, Store, Triple, Variable

from kg import build, marks, questions, rules
from kg.building.tracing import Traced
from kg.errors import UsageError
from kg.names import term
from kg.ontology import Ontology
from kg.phrases import phrases
from kg.proofs import Ground, prove_row, prove_triple
from kg.proofs.asking import Asking
from kg.proofs.lacks import Lack, Reasons, needed
from kg.proofs.origins import Origins
from kg.proofs.search import leaves
from kg.proofs.told import Told
from kg.proofs.tracing import parsed
from kg.proofs.whynot import ToldLack, nearest
from kg.proofs.words import Tongue
from kg.questions import Cell, Question
from kg.rows import Row, key, rows_of
from kg.sorted_lines import opened
from kg.store import Built
from kg.workspace import Workspace

SUMMARY = term("summary")


@dataclass
class Session:
    """A build, its ontology and its rules, and the language to explain in."""

    workspace: Workspace
    built: Built
    lang: str = "en"
    _labels: dict[NamedNode, str | None] = field(default_factory=dict)
    _open: ExitStack = field(default_factory=ExitStack)

    @cached_property
    def store(self) -> Store:
        """The store of the build, read only."""
        return self.built.store

    @cached_property
    def ontology(self) -> Ontology:
        """The ontology of the workspace."""
        return build.ontology_of(self.workspace)

    @cached_property
    def ground(self) -> Ground:
        """What proofs stand on."""
        onto = self.ontology
        compiled = rules.compile(onto.axioms, onto.shortcuts, onto.prefixes, places=onto.places)
        trace = self._open.enter_context(opened(self.built.trace))
        return Ground.built(self.store, compiled, self.workspace.names, Traced(trace))

    @cached_property
    def asking(self) -> Asking:
        """What finds the things that names mean."""
        return Asking(self.workspace, self.ontology, self.store)

    @cached_property
    def tongue(self) -> Tongue:
        """How things are told."""
        return Tongue(self.ontology, build.naming(self.workspace, self.ontology), self._label, self.lang)

    def _label(self, node: NamedNode) -> str | None:
        if node not in self._labels:
            self._labels[node] = called(self.store, node, self.lang)
        return self._labels[node]

    # --- why

    def triple(self, triple: Triple) -> Told | None:
        """Why a triple holds; None where it does not."""
        proof = prove_triple(self.ground, triple)
        if proof is None:
            return None
        return Told(self.tongue.triple(triple), (proof,), self.tongue, self.origins(proof.leaves))

    def within(self, triple: Triple) -> Told | None:
        """Why the first of the nodes within a node is of a class; None where none is."""
        there = self._holding(triple)
        return self.triple(there[0]) if there else None

    def _holding(self, triple: Triple) -> list[Triple]:
        """What holds of that which may be meant by a triple."""
        goals = (Triple(*goal) for goal in self.asking.goals(triple))  # type: ignore[arg-type]
        return [goal for goal in goals if self.ground.holds(goal)]

    def rows(self, question: Question, wanted: Iterable[Row], sparql: str) -> list[Told]:
        """Why rows of the answer to a question stand there, each under what it says and its marks."""
        found, borne = [], self._marks(question, sparql)
        said = phrases(question, self.workspace, self.lang)

        def told(cell: Cell) -> str:
            return said[cell] if isinstance(cell, Literal) and cell in said else self.tongue.term(cell)

        for row in wanted:
            proof = prove_row(self.ground, question, row, sparql)
            cells = " · ".join(told(cell) for cell in row if cell is not None)
            heading = f"{question.name} {key(question.name, row)}: {cells}{borne.get(row, '')}"
            found.append((heading, proof.premises if proof else ()))
        origins = self.origins(leaf for _, proofs in found for leaf in leaves(proofs))
        return [Told(heading, proofs, self.tongue, origins) for heading, proofs in found]

    def _marks(self, question: Question, sparql: str) -> dict[Row, str]:
        """What stands behind each marked row, by the query with its parameters set."""
        if not question.marks:
            return {}
        asked = replace(question, sparql=sparql, parameters={})
        answer = marks.beside(*marks.ask(asked, self.store), self.store, self.lang)
        return {row[:-1]: f" [{row[-1].value}]" for row in answer.rows if isinstance(row[-1], Literal)}

    def origins(self, triples: Iterable[Triple]) -> Origins:
        """What tells where triples are from."""
        return Origins.of(self.workspace, self.ontology, self.store, triples)

    # --- why not

    def lack(self, triple: Triple) -> ToldLack:
        """Why a triple does not hold: of a class, for the node within the node that comes nearest to it.

        :raises UsageError: if it holds.
        """
        reasons = Reasons(self.ground)
        goals = self.asking.goals(triple)
        if there := self._holding(triple):
            raise UsageError.at(None, f"it holds: {self.tongue.triple(there[0])}", "ask without --why-not")
        lack = nearest([reasons.of(goal) for goal in goals])
        heading = f"{self.tongue.triple(triple)}: {self.tongue['fails']}"
        return ToldLack(heading, (), (lack,), self.tongue, self.origins(_triples([lack])))

    def no_row(self, question: Question, name: str, sparql: str) -> ToldLack:
        """Why the answer to a question has no row with a node.

        :raises UsageError: if it has one, or no column could hold the node.
        """
        node = self.asking.node(name)
        rows = rows_of(questions.ask(question, self.store, self.workspace.names))
        if any(node in row for row in rows):
            fix = f"ask for it with --row; the keys stand in: kg query {question.name} --keys"
            raise UsageError.at(None, f"the answer to {question.name} has a row with {name}", fix)
        goals = list(dict.fromkeys(needed(parsed(sparql).algebra)))
        columns = [c for c in question.columns if any(Variable(c) in goal for goal in goals)]
        found = [Reasons(self.ground).among(goals, {column: node}) for column in columns]
        found = [(held, lacks) for held, lacks in found if lacks and held]
        if not found:
            raise UsageError.at(
                None, f"no column of {question.name} can hold {name}", "ask about another node"
            )
        held, lacks = max(found, key=lambda each: (len(each[0]), -len(each[1])))
        heading = f"{question.name} {self.tongue.term(node)}: {self.tongue['fails']}"
        origins = self.origins([*held, *_triples(lacks)])
        return ToldLack(heading, tuple(held), tuple(lacks), self.tongue, origins)


def called(store: Store, node: NamedNode, lang: str) -> str | None:
    """What a person calls a node: a label or a title. A summary is too long to stand in a sentence."""
    if next(store.quads_for_pattern(node, SUMMARY, None, None), None) is not None:
        return None
    return questions.labels(store, [node], lang).get(node)


def _triples(lacks: Iterable[Lack]) -> list[Triple]:
    """All triples that lacks speak of."""
    return [triple for lack in lacks for triple in (*lack.held, *lack.instead, *_triples(lack.missing))]
