"""What `kg validate` checks: the case files of a workspace, or anybody's RDF against anybody's shapes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import wraps
from pathlib import Path
from typing import Any, Protocol

import click

from kg.checking import Checked, all_rules, foreign
from kg.cli.main import Settings
from kg.errors import UsageError
from kg.processes import underway
from kg.shapes import Names
from kg.shapes.catalogue import Rule

PATH = click.Path(path_type=Path)


class Run(Protocol):
    """The check itself."""

    def __call__(self, *, lang: str, strict: bool, engine: str) -> Checked:
        """What comes of it, in words of `lang`, judged by an `engine`.

        `strict`: what passes by being empty is an error.
        """


@dataclass(frozen=True)
class Checking:
    """A check that is still to be run, the rules that its findings may be of, and how IRIs are written."""

    run: Run
    rules: Mapping[str, Rule]
    names: Names
    prefixes: Mapping[str, str]


@dataclass(frozen=True)
class Given:
    """What the options say of shapes that are not those of the workspace."""

    shapes: tuple[Path, ...] = ()
    ontologies: tuple[Path, ...] = ()
    imports: tuple[Path, ...] = ()
    infer: bool = False
    with_workspace: bool = False
    texts: Path | None = None

    def checking(self, settings: Settings, files: tuple[Path, ...], *, listing: bool) -> Checking:
        """The check of `files`: against the given shapes, else against those of the workspace.

        :raises UsageError: if options are given without shapes, or shapes without files (but for `listing`).
        """
        if not self.shapes:
            if self != Given(texts=self.texts):
                what = "--ontology, --import, --infer and --with-workspace go with --shapes"
                raise UsageError.at(None, what, "name the shapes to check against")
            return of_workspace(settings, files, self.texts)
        if self.texts:
            raise UsageError.at(None, "--sources goes with the cases of a workspace", "leave out --shapes")
        if not files and not listing:
            raise UsageError.at(None, "no file to check against the shapes", "name RDF files, or a folder")
        workspace = settings.workspace if self.with_workspace else None
        settings.foresee(files)
        underway.step("reading " + ", ".join(path.name for path in files[:3]))
        found = foreign.read(files, self.shapes, self.ontologies, self.imports, workspace)
        settings.progress(f"checking {found.data.statements:,} statements against the shapes")

        def run(*, lang: str, strict: bool, engine: str) -> Checked:
            return found.check(infer=self.infer, lang=lang, strict=strict, engine=engine)

        rules = all_rules(found.graph, found.name)
        return Checking(run, rules, found.name, found.prefixes)


def given_options(command: Callable[..., int]) -> Callable[..., int]:
    """The options of what is given; the command gets all of it as `given`."""

    @click.option(
        "--shapes", multiple=True, type=PATH, metavar="PATH", help="Check any RDF against these shapes."
    )
    @click.option(
        "--ontology", multiple=True, type=PATH, metavar="PATH", help="With --shapes: classes and properties."
    )
    @click.option(
        "--import",
        "imports",
        multiple=True,
        type=PATH,
        metavar="PATH",
        help="Where owl:imports may be found.",
    )
    @click.option("--infer", is_flag=True, help="With --shapes: judge what follows by OWL RL as well.")
    @click.option(
        "--sources",
        type=PATH,
        metavar="DIR",
        help="The folder of the source texts: quotes are held against them.",
    )
    @click.option(
        "--with-workspace", is_flag=True, help="With --shapes: use those of the workspace beside them."
    )
    @wraps(command)
    def collected(
        *args: Any,
        shapes: tuple[Path, ...],
        ontology: tuple[Path, ...],
        imports: tuple[Path, ...],
        infer: bool,
        sources: Path | None,
        with_workspace: bool,
        **others: Any,
    ) -> int:
        given = Given(shapes, ontology, imports, infer, with_workspace, sources)
        return command(*args, given=given, **others)

    return collected


def of_workspace(settings: Settings, files: tuple[Path, ...], texts: Path | None = None) -> Checking:
    """The check of case files against the shapes of the workspace, and of quotes against the `texts`."""
    from kg import build
    from kg.checking import workspaces

    workspace = settings.workspace
    onto = build.ontology_of(workspace)
    names = build.naming(workspace, onto)
    settings.foresee(files or workspace.inputs())

    def run(*, lang: str, strict: bool, engine: str) -> Checked:
        return workspaces.check(
            workspace, files, settings.progress, lang=lang, strict=strict, engine=engine, texts=texts
        )

    return Checking(run, all_rules(onto.shapes, names), names, onto.prefixes)
