"""What a comparison is made between: a build, a workspace, a commit of it, or files, each with its graph."""

from __future__ import annotations

import io
import subprocess
import tempfile
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from pyoxigraph import DefaultGraph, Quad, Store, Triple

from kg import build, formats, rules, store
from kg.build import Asserted, Statements
from kg.errors import InputError, UsageError
from kg.names import Names
from kg.ontology import Ontology
from kg.places import Place
from kg.workspace import SETTINGS, Workspace

AUTHORED = (".yaml", ".yml", ".jsonl")
"""The suffixes of files that authors write; others hold RDF."""

NOW = "."
"""What names the files of the workspace as they are."""


@dataclass(frozen=True)
class State:
    """A graph at one time: its name, and what is asserted in it, in its named graphs.

    `workspace` is the one that asks; it gives the names of cases, and the ontology where the state has none
    of its own (`ontology`): only workspaces and commits have. `merged`: what follows could not be told from
    what is asserted, since there are no named graphs, and is among it.
    """

    name: str
    workspace: Workspace
    asserted: frozenset[Quad]
    merged: bool = False
    ontology: Ontology | None = None

    @classmethod
    def of(
        cls, name: str, workspace: Workspace, quads: Iterable[Quad], ontology: Ontology | None = None
    ) -> State:
        """The state whose quads are `quads`; what is inferred or said of the build itself is left out."""
        names = workspace.names
        apart = {names.graph("inferred"), names.graph("about")}
        told = [quad for quad in quads if quad.graph_name not in apart and not _about(quad, names)]
        merged = bool(told) and all(isinstance(quad.graph_name, DefaultGraph) for quad in told)
        return cls(name, workspace, frozenset(told), merged, ontology)

    @cached_property
    def triples(self) -> frozenset[Triple]:
        """What is asserted."""
        return frozenset(quad.triple for quad in self.asserted)

    @cached_property
    def all_triples(self) -> frozenset[Triple]:
        """What is asserted, with all that follows."""
        return frozenset(quad.triple for quad in self.graph)

    @cached_property
    def graph(self) -> list[Quad]:
        """The quads of all that is asserted and of all that follows."""
        return self.closed(self.asserted)

    def closed(self, asserted: Iterable[Quad]) -> list[Quad]:
        """What is asserted, and what follows from it by the rules of this state."""
        given = Asserted(Statements(sorted(asserted, key=str)))
        return build.infer(self.workspace, self._read_by, given).quads

    @property
    def _read_by(self) -> Ontology:
        return self.ontology or build.ontology_of(self.workspace)

    @cached_property
    def rules(self) -> dict[str, str]:
        """Axiom or shortcut → what it infers by, as SPARQL."""
        onto = self._read_by
        compiled = rules.compile(onto.axioms, onto.shortcuts, onto.prefixes)
        found = {pair.axiom: "" for pair in compiled.disjoint}
        for rule in compiled:
            found[rule.axiom] = f"{found.get(rule.axiom, '')}{rule.sparql}\n"
        return found

    @cached_property
    def store(self) -> Store:
        """The whole graph, to be asked."""
        return store.load(self.graph)


def _about(quad: Quad, names: Names) -> bool:
    """Whether a quad describes the dataset or a graph of it, where a file has no graph for that."""
    node = getattr(quad.subject, "value", "")
    return node == names.dataset().value or node.startswith(names.graph("").value)


def load(given: str, workspace: Workspace) -> State:
    """The state that `given` names.

    `.` is the workspace as its files are now. Else it is the folder of another workspace or of a build, or
    what points to a build (`build/current`), a case file (with the reference data of the workspace), an RDF
    file, or a commit, branch or tag of git.

    :raises UsageError: if there is nothing of that name.
    :raises InputError, DefinitionError: if a file of it cannot be read, or is ill-formed.
    """
    path = Path(given)
    if given == NOW:
        return _of_workspace("the files as they are", workspace, workspace)
    if (path / SETTINGS).is_file():
        return _of_workspace(given, Workspace.load(path.resolve()), workspace)
    if path.is_dir():
        return _of_build(given, path, workspace)
    if (
        path.is_file()
        and path.name in (store.CURRENT, store.CHECKED)
        and store.current(path.parent, path.name)
    ):
        return _of_build(given, path.parent, workspace, path.name)
    if path.is_file():
        return _of_file(given, path, workspace)
    return _of_commit(given, workspace)


def _of_workspace(name: str, found: Workspace, asked: Workspace) -> State:
    return State.of(name, asked, _read(found), build.ontology_of(found))


def _read(workspace: Workspace, files: list[Path] | None = None) -> list[Quad]:
    """What the files of a workspace say.

    :raises InputError: if one cannot be read whole: what it lacks would be taken for a difference.
    """
    asserted = build.read(workspace, build.ontology_of(workspace), files)
    if asserted.faults:
        raise InputError.all(asserted.faults)
    return list(asserted.quads)


def _of_build(name: str, folder: Path, workspace: Workspace, pointer: str = store.CURRENT) -> State:
    built = store.current(folder, pointer)
    graph = built.graph if built else folder / store.GRAPH
    if not graph.is_file():
        raise UsageError.at(
            Place(name), "is neither a workspace nor a build", f"there is no {SETTINGS} in it"
        )
    return State.of(name, workspace, formats.read(graph))


def _of_file(name: str, path: Path, workspace: Workspace) -> State:
    if path.suffix in AUTHORED:
        return State.of(name, workspace, _read(workspace, [path]))
    quads = formats.read(path)
    if quads:
        return State.of(name, workspace, quads)
    raise InputError.at(Place(name), "says nothing", "give a file with statements")


def _of_commit(name: str, workspace: Workspace) -> State:
    """The workspace as a commit has it; taken out to a folder that is removed again."""
    top, commit = _commit(name, workspace)
    within = workspace.root.resolve().relative_to(top.resolve())
    with tempfile.TemporaryDirectory(prefix="kg-diff-") as folder:
        packed = _git(top, "archive", "--format=zip", commit, *([] if within == Path() else [str(within)]))
        with zipfile.ZipFile(io.BytesIO(packed)) as archive:  # keeps all it holds below the folder
            archive.extractall(folder)
        root = Path(folder).resolve() / within
        if not (root / SETTINGS).is_file():
            raise UsageError.at(None, f"there is no workspace in the commit {name}", f"it has no {SETTINGS}")
        return _of_workspace(name, Workspace.load(root), workspace)


def _commit(name: str, workspace: Workspace) -> tuple[Path, str]:
    """The folder of the repository, and the commit that `name` means in it."""
    try:
        top = Path(_git(workspace.root, "rev-parse", "--show-toplevel").decode().strip())
        return top, _git(top, "rev-parse", "--verify", "--quiet", f"{name}^{{commit}}").decode().strip()
    except (OSError, subprocess.CalledProcessError) as exc:
        what = f"there is no file, folder or commit “{name}”"
        raise UsageError.at(None, what, "name one, or . for the files as they are") from exc


def _git(folder: Path, *args: str) -> bytes:
    command = ["git", "-C", str(folder), *args]
    return subprocess.run(command, check=True, capture_output=True).stdout
