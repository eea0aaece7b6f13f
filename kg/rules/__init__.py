"""Shortcuts and axioms → rules; quads + rules → inferred triples, each with the rule that gave it.

`compile` turns `sh:SPARQLRule`s and the OWL 2 RL axioms in use into SPARQL, or refuses
what it does not know; `infer` runs the shortcuts once, then the axioms to a fixpoint;
`maintain` keeps up to date what it gave, when some of what is asserted changes.

Nothing is loaded before it is used.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
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

_HOMES = {
    "compiler": ("compile",),
    "fixpoint": ("infer",),
    "maintain": ("maintain",),
    "model": ("Change", "Clash", "Cost", "Inference", "Inferences", "Rule", "Rules", "Step", "Trace"),
    "terms": ("Lines",),
    "watching": ("watched",),
}
"""The names that each module has."""


def __getattr__(name: str) -> Any:
    """A name of `__all__`, from the module that it is in."""
    home = next((home for home, names in _HOMES.items() if name in names), None)
    if home is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    # Python sets a module that it loads as an attribute here: a function of the same name takes its place.
    found = globals()[name] = getattr(import_module(f"{__name__}.{home}"), name)
    return found
