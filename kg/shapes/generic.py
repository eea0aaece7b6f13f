"""What is said of a constraint whose shape says nothing, in the languages of `words`.

Nobody whose language it is has read them yet, but for the English ones.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from pyoxigraph import NamedNode

from kg.languages import by_language
from kg.shapes.vocabulary import sh

Said = tuple[str, str, str, str, str]

LESS: Said = (
    "must be less than {}",
    "skal være mindre end {}",
    "må være mindre enn {}",
    "må vere mindre enn {}",
    "måste vara mindre än {}",
)
AT_MOST: Said = (
    "must not be more than {}",
    "må ikke være mere end {}",
    "kan ikke være mer enn {}",
    "kan ikkje vere meir enn {}",
    "får inte vara mer än {}",
)
TABLE: Mapping[str, Said] = {
    "And": (
        "does not have all of the shapes asked for",
        "har ikke alle de shapes, der kræves",
        "har ikke alle shapene som kreves",
        "har ikkje alle shapene som krevst",
        "har inte alla de shapes som krävs",
    ),
    "Class": (
        "must be of class {}",
        "skal være af klassen {}",
        "må være av klassen {}",
        "må vere av klassa {}",
        "måste vara av klassen {}",
    ),
    "Closed": (
        "may not be used here",
        "må ikke bruges her",
        "kan ikke brukes her",
        "kan ikkje brukast her",
        "får inte användas här",
    ),
    "Datatype": (
        "must be of datatype {}",
        "skal være af datatypen {}",
        "må være av datatypen {}",
        "må vere av datatypen {}",
        "måste vara av datatypen {}",
    ),
    "Disjoint": (
        "must differ from every {}",
        "skal være forskellig fra alle {}",
        "må være forskjellig fra alle {}",
        "må vere ulik alle {}",
        "måste skilja sig från alla {}",
    ),
    "Equals": (
        "must have the same values as {}",
        "skal have de samme værdier som {}",
        "må ha de samme verdiene som {}",
        "må ha dei same verdiane som {}",
        "måste ha samma värden som {}",
    ),
    "HasValue": (
        "must have the value {}",
        "skal have værdien {}",
        "må ha verdien {}",
        "må ha verdien {}",
        "måste ha värdet {}",
    ),
    "In": (
        "must be one of {}",
        "skal være en af {}",
        "må være en av {}",
        "må vere ein av {}",
        "måste vara en av {}",
    ),
    "LanguageIn": (
        "must be in one of the languages {}",
        "skal være på et af sprogene {}",
        "må være på et av språkene {}",
        "må vere på eit av språka {}",
        "måste vara på ett av språken {}",
    ),
    "LessThan": LESS,
    "LessThanOrEquals": AT_MOST,
    "MaxCount": (
        "may have at most {}",
        "må højst have {}",
        "kan ha høyst {}",
        "kan ha høgst {}",
        "får ha högst {}",
    ),
    "MaxExclusive": LESS,
    "MaxInclusive": AT_MOST,
    "MaxLength": (
        "must not be longer than {} characters",
        "må ikke være længere end {} tegn",
        "kan ikke være lengre enn {} tegn",
        "kan ikkje vere lengre enn {} teikn",
        "får inte vara längre än {} tecken",
    ),
    "MinCount": (
        "needs {} or more",
        "skal have mindst {}",
        "må ha minst {}",
        "må ha minst {}",
        "måste ha minst {}",
    ),
    "MinExclusive": (
        "must be more than {}",
        "skal være mere end {}",
        "må være mer enn {}",
        "må vere meir enn {}",
        "måste vara mer än {}",
    ),
    "MinInclusive": (
        "must not be less than {}",
        "må ikke være mindre end {}",
        "kan ikke være mindre enn {}",
        "kan ikkje vere mindre enn {}",
        "får inte vara mindre än {}",
    ),
    "MinLength": (
        "must not be shorter than {} characters",
        "må ikke være kortere end {} tegn",
        "kan ikke være kortere enn {} tegn",
        "kan ikkje vere kortare enn {} teikn",
        "får inte vara kortare än {} tecken",
    ),
    "Node": (
        "does not have the shape asked for",
        "har ikke den shape, der kræves",
        "har ikke shapen som kreves",
        "har ikkje shapen som krevst",
        "har inte den shape som krävs",
    ),
    "NodeKind": (
        "must be of kind {}",
        "skal være af slagsen {}",
        "må være av slaget {}",
        "må vere av slaget {}",
        "måste vara av slaget {}",
    ),
    "Not": (
        "has a shape that it must not have",
        "har en shape, som den ikke må have",
        "har en shape som den ikke kan ha",
        "har ein shape som den ikkje kan ha",
        "har en shape som den inte får ha",
    ),
    "Or": (
        "has none of the shapes asked for",
        "har ingen af de shapes, der kræves",
        "har ingen av shapene som kreves",
        "har ingen av shapene som krevst",
        "har ingen av de shapes som krävs",
    ),
    "Pattern": (
        "must match {}",
        "skal passe til {}",
        "må passe til {}",
        "må passe til {}",
        "måste passa till {}",
    ),
    "QualifiedMaxCount": (
        "may have at most {} of the shape asked for",
        "må højst have {} af den shape, der kræves",
        "kan ha høyst {} av shapen som kreves",
        "kan ha høgst {} av shapen som krevst",
        "får ha högst {} av den shape som krävs",
    ),
    "QualifiedMinCount": (
        "needs {} or more of the shape asked for",
        "skal have mindst {} af den shape, der kræves",
        "må ha minst {} av shapen som kreves",
        "må ha minst {} av shapen som krevst",
        "måste ha minst {} av den shape som krävs",
    ),
    "UniqueLang": (
        "may have one value in each language",
        "må have én værdi på hvert sprog",
        "kan ha én verdi på hvert språk",
        "kan ha éin verdi på kvart språk",
        "får ha ett värde på varje språk",
    ),
    "Xone": (
        "must have exactly one of the shapes asked for",
        "skal have netop én af de shapes, der kræves",
        "må ha nøyaktig én av shapene som kreves",
        "må ha nøyaktig éin av shapene som krevst",
        "måste ha exakt en av de shapes som krävs",
    ),
}
"""Component → what is said; `{}` stands for the value of its parameter."""

OTHER: Said = (
    "does not meet the constraint",
    "opfylder ikke kravet",
    "oppfyller ikke kravet",
    "oppfyller ikkje kravet",
    "uppfyller inte kravet",
)
DEMAND: Said = (
    "must meet the constraint",
    "skal opfylde kravet",
    "må oppfylle kravet",
    "må oppfylle kravet",
    "måste uppfylla kravet",
)


def message(component: NamedNode) -> dict[str, str]:
    """What is said of a violation of the component, by language, with the blanks of a message.

    >>> message(sh("MinCountConstraintComponent"))["sv"]
    'måste ha minst {$minCount}'
    """
    return by_language(_filled(component) or OTHER)


def demand(components: Iterable[NamedNode]) -> dict[str, str]:
    """What constraints of the components demand together, by language."""
    said = list(filter(None, map(_filled, components)))
    return by_language(tuple(map("; ".join, zip(*said, strict=True))) if said else DEMAND)


def _filled(component: NamedNode) -> tuple[str, ...]:
    """The row of a component; empty for one that SHACL does not have."""
    local = component.value.removeprefix(sh("").value).removesuffix("ConstraintComponent")
    blank = f"{{${local[:1].lower()}{local[1:]}}}"
    return tuple(text.replace("{}", blank) for text in TABLE.get(local, ()))
