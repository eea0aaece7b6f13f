"""`kg evidence`: check quotes against their sources, and write their places."""

from __future__ import annotations

from pathlib import Path

import click

from kg import build, cases, evidence, sources
from kg.cli.main import Settings
from kg.errors import UsageError
from kg.names import DCTERMS
from kg.workspace import Workspace

AUTHORED = (".yaml", ".yml", ".jsonl")
"""The suffixes of the case files in which quotes are written by hand; the others are RDF."""


@click.command()
@click.argument("files", nargs=-1, type=click.Path(path_type=Path))
@click.option("--sources", "folder", type=click.Path(path_type=Path), help="The folder of the source texts.")
@click.option(
    "--fix", is_flag=True, help="Write the place of each quote (“at”) into the case files, and the lock."
)
@click.pass_obj
def command(settings: Settings, files: tuple[Path, ...], folder: Path | None, fix: bool) -> int:
    """Check that each quote in FILES, or in all case files, stands in its source, and where.

    Without the texts, the lock (data/evidence.lock) is checked instead.
    """
    workspace: Workspace = settings.workspace
    chosen = list(files) or workspace.cases()
    if not chosen:
        raise UsageError.at(None, "no case file to check", "give one, or write one with: kg new ID")
    texts = sources.library(folder or workspace.sources, evidence.described(workspace.source_descriptions()))
    read = {path: sources.read(path).raw for path in chosen}
    checked = {path: evidence.check(_quotes(workspace, path, text), texts) for path, text in read.items()}
    moved = 0
    for path, result in checked.items():
        moved += sum(quote.span != span for quote, span in result.found)
        if fix and (new := evidence.fixed(read[path], result)) != read[path]:
            path.write_text(new, encoding="utf-8", newline="")
        for quote, span in result.found:
            if quote.span != span and not fix:
                said = f", not at {list(quote.span)}" if quote.span else "; its place is not given"
                click.echo(f"{quote.place} the quote stands at {list(span)}{said}")
        for fault in result.faults:
            click.echo(str(fault))
    lock = workspace.root / "data" / "evidence.lock"
    if fix and not files and texts:
        lock.write_text(
            evidence.lock([pair for r in checked.values() for pair in r.found], texts), encoding="utf-8"
        )
    return _tell(settings, checked, lock, moved, fix)


def _quotes(workspace: Workspace, path: Path, text: str) -> list[evidence.Quote]:
    onto = build.ontology_of(workspace)
    if path.suffix in AUTHORED:
        return evidence.quotes(text, workspace.relative(path), onto.context.keys(DCTERMS + "source"))
    return evidence.stated(cases.read(path, onto, workspace.names), workspace.names)


def _tell(
    settings: Settings, checked: dict[Path, evidence.Checked], lock: Path, moved: int, fix: bool
) -> int:
    found = sum(len(r.found) for r in checked.values())
    faults = sum(len(r.faults) for r in checked.values())
    unchecked = [q for r in checked.values() for q in r.unchecked]
    open_quotes = evidence.uncovered(unchecked, lock)
    for quote in open_quotes:
        click.echo(f"{quote.place} not checked: no text of {quote.source}, and the lock does not cover it")
    did = f"; {moved} {'written' if fix else 'to be written with --fix'}" if moved else ""
    settings.say(
        f"{found} quotes found in their sources{did}; "
        f"{len(unchecked) - len(open_quotes)} covered by the lock; "
        f"{faults + len(open_quotes)} to be looked at"
    )
    return 1 if faults or open_quotes or (moved and not fix) else 0
