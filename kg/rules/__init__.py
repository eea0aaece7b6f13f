"""Shortcuts and axioms → rules; quads + rules → inferred triples, each with the rule that gave it.

`compile` turns `sh:SPARQLRule`s and the OWL 2 RL axioms in use into SPARQL, or refuses
what it does not know; `infer` runs the shortcuts once, then the axioms to a fixpoint;
`maintain` keeps up to date what it gave, when some of what is asserted changes.

Nothing is loaded before it is used.
"""

from typing import TYPE_CHECKING

from kg import lazy

if TYPE_CHECKING:
    from kg.rules.compiler import compile
    from kg.rules.fixpoint import infer
    from kg.rules.maintaining import maintain
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

_HOMES = {
    "compiler": ("compile",),
    "fixpoint": ("infer",),
    "maintaining": ("maintain",),
    "model": ("Change", "Clash", "Cost", "Inference", "Inferences", "Rule", "Rules", "Step", "Trace"),
    "terms": ("Lines",),
    "watching": ("watched",),
}
"""The names that each module has."""

__getattr__ = lazy.attributes(__name__, _HOMES)
