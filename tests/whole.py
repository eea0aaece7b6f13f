"""The whole graph of this workspace, assembled once for each process, and ways to look into it."""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from pyoxigraph import NamedNode, Quad, Store

from kg import build, rules
from kg.names import CG, HOME, RDF
from kg.ontology import Ontology
from kg.workspace import Workspace

ROOT = Path(__file__).parent.parent
SHARED = Path(os.environ.get("KG_SHARED", ROOT.parent / "shared"))
TYPE = NamedNode(RDF + "type")


@cache
def workspace() -> Workspace:
    return Workspace.load(ROOT)


@cache
def onto() -> Ontology:
    return build.ontology_of(workspace())


@cache
def graph() -> build.Graph:
    return build.assemble(workspace())


@cache
def compiled() -> rules.Rules:
    return rules.compile(onto().axioms, onto().shortcuts, onto().prefixes)


@cache
def store() -> Store:
    """Every quad of the graph, in its named graph."""
    found = Store()
    found.bulk_extend(graph().quads)
    return found


def cg(local: str) -> NamedNode:
    return NamedNode(CG + local)


def objects(node: Any, prop: NamedNode) -> list[Any]:
    return [quad.object for quad in store().quads_for_pattern(node, prop, None)]


def instances(cls: NamedNode) -> set[Any]:
    return {quad.subject for quad in store().quads_for_pattern(None, TYPE, cls)}


def short(node: Any) -> str:
    return str(getattr(node, "value", node)).removeprefix(HOME)


def case_quads() -> list[Quad]:
    """What the case files say."""
    prefix = workspace().names.graph("case/").value
    return [q for q in graph().asserted.quads if str(getattr(q.graph_name, "value", "")).startswith(prefix)]


def shared(part: str) -> Path:
    """A folder or file of the reference reading; the test is skipped where it is not at hand."""
    path = SHARED / part
    if not path.exists():
        pytest.skip(f"no {part} at {SHARED}: set KG_SHARED to the folder that has it")
    return path
