"""Shortcuts and axioms → rules; quads + rules → inferred triples, each with the rule that gave it.

`compile` turns `sh:SPARQLRule`s and the OWL 2 RL axioms in use into SPARQL, or refuses
what it does not know; `infer` runs the shortcuts once, then the axioms to a fixpoint;
`maintain` keeps up to date what it gave, when some of what is asserted changes.

Nothing is loaded before it is used.
"""

from typing import TYPE_CHECKING

from kg import lazy

if TYPE_CHECKING:
    from kg.rules.compiler import compile as compile
    from kg.rules.fixpoint import infer as infer
    from kg.rules.maintaining import maintain as maintain
    from kg.rules.model import (
        Change as Change,
        Clash as Clash,
        Cost as Cost,
        Inference as Inference,
        Inferences as Inferences,
        Rule as Rule,
        Rules as Rules,
        Step as Step,
        Trace as Trace,
    )
    from kg.rules.reading import is_about_terms as is_about_terms
    from kg.rules.terms import Lines as Lines
    from kg.rules.watching import watched as watched
else:
    __getattr__, __dir__, __all__ = lazy.names(
        __name__,
        {
            "compiler": ("compile",),
            "fixpoint": ("infer",),
            "maintaining": ("maintain",),
            "model": ("Change", "Clash", "Cost", "Inference", "Inferences", "Rule", "Rules", "Step", "Trace"),
            "reading": ("is_about_terms",),
            "terms": ("Lines",),
            "watching": ("watched",),
        },
    )
