"""Shortcuts and axioms → rules; quads + rules → inferred triples, each with the rule that gave it.

`compile` turns `sh:SPARQLRule`s and the OWL 2 RL axioms in use into SPARQL, or refuses
what it does not know; `infer` runs the shortcuts once, then the axioms to a fixpoint;
`maintain` keeps up to date what it gave, when some of what is asserted changes.
"""

from kg.rules.compiler import compile
from kg.rules.fixpoint import infer
from kg.rules.maintain import maintain
from kg.rules.model import Change, Clash, Cost, Inference, Inferences, Rule, Rules, Step, Trace
from kg.rules.terms import Lines
from kg.rules.watching import watched

__all__ = [
    "Change",
    "Clash",
    "Cost",
    "Inference",
    "Inferences",
    "Lines",
    "Rule",
    "Rules",
    "Step",
    "Trace",
    "compile",
    "infer",
    "maintain",
    "watched",
]
