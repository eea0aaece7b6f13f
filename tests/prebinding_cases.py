"""Queries under pre-binding, each of a kind of its own, and data to ask them of."""

from __future__ import annotations

import re
from pathlib import Path

from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Quad, RdfFormat, parse

E = "urn:e:"
PREFIX = f"PREFIX e: <{E}>\nPREFIX xsd: <http://www.w3.org/2001/XMLSchema#>\n"
KIND = NamedNode(E + "C")
TYPE = NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
ABSENT = NamedNode(E + "absent")

FOLDER = Path(__file__).parent / "prebinding"


def parts(file: str) -> dict[str, str]:
    """The parts of a file, by the name that stands over each."""
    found = re.findall(r"^## (.+)\n((?:(?!## ).*\n)*)", (FOLDER / file).read_text("utf-8"), re.M)
    return {name: text.strip() for name, text in found}


SELECTS = parts("select.rq")
ASKS = parts("ask.rq")
_DATA = parts("data.trig")
DATA = tuple(_DATA)


def data(name: str) -> list[Quad]:
    """The quads of a data set."""
    return list(parse(f"@prefix e: <{E}> . {_DATA[name]}", RdfFormat.TRIG))


def nodes(quads: list[Quad]) -> list[NamedNode | BlankNode | Literal]:
    """The instances of the class, and three nodes more: one that is nowhere, and two literals."""
    found = [q.subject for q in quads if q.object == KIND and q.graph_name == DefaultGraph()]
    return [*found, ABSENT, Literal("lit"), Literal(2)]
