"""Queries of any kind, made at random; all names in them are bound where SPARQL asks for that."""

from __future__ import annotations

from itertools import count

from hypothesis import strategies as st

ENDS = ("$this", "?x", "?y", "?z")
CONSTANTS = ("e:a", "e:b", "2", '"lit"')
VERBS = ("e:p", "e:q", "e:v", "^e:p", "e:p/e:q", "e:p|e:q", "e:p+", "e:q*", "e:p?", "(e:p|^e:q)/e:p")


@st.composite
def queries(draw):
    """A SELECT query that returns `$this` and two more."""
    numbers = count()
    where = draw(groups(numbers, 3))
    shape = draw(st.sampled_from(("plain", "plain", "distinct", "grouped", "having")))
    if shape == "plain":
        return f"SELECT $this ?x ?y {where}"
    if shape == "distinct":
        return f"SELECT DISTINCT $this ?x {where}"
    having = " HAVING(COUNT(?x) < 2)" if shape == "having" else ""
    return f"SELECT $this ?y (COUNT(?x) AS ?n) {where} GROUP BY $this ?y{having}"


@st.composite
def groups(draw, numbers, depth):
    """A group, and what stands in it, so deep."""
    kinds = ["triple", "triple", "filter", "bind"]
    kinds += ["optional", "union", "group", "exists", "select", "graph", "grouped"] if depth else []
    parts = draw(st.lists(st.sampled_from(kinds), min_size=1, max_size=3))
    return f"{{ {' '.join(draw(element(kind, numbers, depth - 1)) for kind in parts)} }}"


@st.composite
def element(draw, kind, numbers, depth):
    """A part of a group, of this kind."""

    def inner():
        return draw(groups(numbers, depth))

    if kind == "triple":
        verb = draw(st.sampled_from(VERBS))
        # what has no length at a constant that is nowhere is found by SPARQL, and not by the store
        constants = () if any(mark in verb for mark in "*?") else CONSTANTS
        start = draw(st.sampled_from((*ENDS, *constants[:2])))
        return f"{start} {verb} {draw(st.sampled_from((*ENDS, *constants)))} ."
    if kind == "filter":
        return f"FILTER({draw(conditions())})"
    if kind == "bind":
        return f"BIND({draw(values())} AS ?b{next(numbers)})"
    if kind == "optional":
        return f"OPTIONAL {inner()}"
    if kind == "union":
        return f"{inner()} UNION {inner()}"
    if kind == "exists":
        return f"FILTER {draw(st.sampled_from(('', 'NOT ')))}EXISTS {inner()}"
    if kind == "select":
        return f"{{ SELECT {draw(st.sampled_from(('', 'DISTINCT ')))}$this ?x {inner()} }}"
    if kind == "grouped":
        return f"{{ SELECT $this ?z (COUNT(?x) AS ?n{next(numbers)}) {inner()} GROUP BY $this ?z }}"
    return f"GRAPH {draw(st.sampled_from(('e:S', '?g')))} {inner()}" if kind == "graph" else inner()


def conditions():
    """Conditions that all engines take for the same."""
    ends = st.sampled_from(ENDS)
    return st.one_of(
        st.builds("bound({})".format, ends),
        st.builds("!bound({})".format, ends),
        st.builds("isIRI({})".format, ends),
        st.builds("{} = {}".format, ends, st.sampled_from((*ENDS, "e:a", "e:b"))),
        st.builds("sameTerm({}, {})".format, ends, ends),
        st.builds("isBlank({}) || {} != e:a".format, ends, ends),
    )


def values():
    """Values that all engines work out the same."""
    ends = st.sampled_from(ENDS)
    return st.one_of(
        ends,
        st.builds("IF({}, 1, 2)".format, conditions()),
        st.builds("COALESCE({}, {})".format, ends, ends),
        st.builds("bound({})".format, ends),
    )
