"""`kg lsp`: what is wrong, what may follow, what it means and where it is from, in an editor."""

from __future__ import annotations

import sys

import click

from kg.cli.main import Settings
from kg.errors import UsageError

NEEDED = ("pygls", "lsprotocol")


@click.command()
@click.option(
    "--lang", default="", metavar="TAG", help="The language of messages; the editor's if not given."
)
@click.option("--stdio", is_flag=True, hidden=True, help="What many editors add; there is no other way.")
@click.option("--clientProcessId", "_client", hidden=True, help="What some editors add; not needed.")
@click.pass_obj
def command(settings: Settings, lang: str, stdio: bool, _client: str | None) -> int:  # noqa: ARG001
    """Serve an editor over stdin and stdout (the Language Server Protocol).

    It tells what is wrong as one types, completes keys, codes and references, and says what they
    mean and where they are from. How editors are set up stands in docs/editors.md.
    """
    try:
        from kg.lsp import server
    except ModuleNotFoundError as exc:
        if (exc.name or "").partition(".")[0] not in NEEDED:
            raise
        fix = "bring it with: pip install 'casegraph[lsp]'"
        raise UsageError.at(None, "kg lsp needs pygls, which is not installed", fix) from exc
    if sys.stdin.isatty():
        settings.say("waiting for an editor to speak over stdin (see docs/editors.md); end with Ctrl-C")
    return server.serve(settings.workspace.root if settings.directory else None, lang)
