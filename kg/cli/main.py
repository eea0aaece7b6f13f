"""The group of commands: what they share, and how errors become lines and exit codes.

Commands are imported when they are called, so that `kg --version` stays quick.
"""

from __future__ import annotations

import atexit
import errno
import importlib
import os
import sys
import threading
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import click

from kg import __version__
from kg.errors import InputError, KGError
from kg.processes import underway

if TYPE_CHECKING:
    from kg.workspace import Workspace

COMMANDS = {
    "demo": "Build the graph of the packaged cases and answer a first question.",
    "init": "Make a workspace of your own.",
    "new": "Write the frame of a new case file.",
    "build": "Read, infer, validate and store the graph.",
    "validate": "Check case files against the SHACL shapes.",
    "explain": "Why something holds or does not, back to the words; why a rule is there.",
    "query": "Ask a question by name, from a file or from a pipe.",
    "export": "Write the graph as Turtle, TriG, N-Quads, JSON-LD, RDF/XML.",
    "diff": "What differs between two builds, files or commits, and which answers do.",
    "contradictions": "What cannot both hold, which of it counts, and figures beside what their inputs make.",
    "cite": "How to cite the dataset, a case, a source, or a row of an answer.",
    "evidence": "Check quotes against their sources; find their places.",
    "network": "Who is linked with whom: measures and GraphML.",
    "doctor": "Check ontology, data and queries for faults of craft.",
    "schema": "Write the JSON Schema of case files, for completion in editors.",
    "docs": "Write the reference of the ontology, the questions and the commands as Markdown.",
    "lsp": "Serve an editor: findings as one types, completion, hover, definitions.",
}

EXIT_CODES = {
    0: "fine",
    1: "findings: violations, failed expectations, differences",
    2: "usage: the command line or a setting is wrong",
    3: "input cannot be read, output cannot be written, or memory or time ran short",
    4: "shapes, ontology or a query are ill-formed",
    5: "a remote store refused or did not answer",
    70: "a bug of ours",
    130: "interrupted",
}
NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO, errno.EROFS})
"""What the system says where output cannot go on: no bug of ours."""


class Settings:
    """What the options before the command say."""

    def __init__(self, directory: Path | None, quiet: bool) -> None:
        self.directory = directory
        self.quiet = quiet

    def say(self, text: str) -> None:
        """A line on stderr, unless `--quiet`."""
        if not self.quiet:
            click.echo(text, err=True)

    def foresee(self, paths: Iterable[Path]) -> None:
        """A warning, if the memory that there may be is plainly too little for what the files say."""
        from kg.processes import shortage

        if warning := shortage.foreseen(paths):
            self.say(f"warning {warning}")

    def progress(self, step: str) -> None:
        """A step of longer work, told only where a person watches, and where something ends it."""
        underway.step(step)
        if not self.quiet and (sys.stderr.isatty() or os.environ.get("KG_PROGRESS")):
            click.echo(f"  {step}", err=True)

    @property
    def workspace(self) -> Workspace:
        """The workspace to work in."""
        from kg.workspace import Workspace

        return Workspace.find(self.directory)


class Lazy(click.Group):
    """A group that imports a command only when it is called; one place turns errors into exit codes."""

    def list_commands(self, _ctx: click.Context) -> list[str]:
        """All commands, in the order in which a newcomer meets them."""
        return list(COMMANDS)

    def get_command(self, _ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command, or None with a hint where the name is near one."""
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = importlib.import_module(f"kg.cli.{cmd_name}").command
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """As click does, but with a “did you mean”."""
        if args and args[0] not in COMMANDS and not args[0].startswith("-"):
            from kg.meant import suggestion

            hint = "; ".join(filter(None, (f"no command “{args[0]}”", suggestion(args[0], COMMANDS))))
            raise click.UsageError(hint, ctx)
        return super().resolve_command(ctx, args)

    def format_commands(self, _ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The list of commands, without importing any."""
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


@click.group(cls=Lazy, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, "-V", "--version", prog_name="kg")
@click.option(
    "-C", "directory", type=click.Path(path_type=Path), metavar="DIR", help="The workspace to work in."
)
@click.option("-q", "--quiet", is_flag=True, help="Say nothing but results and errors.")
@click.pass_context
def cli(ctx: click.Context, directory: Path | None, quiet: bool) -> None:
    """A knowledge graph of case studies: build, check, ask, export.

    Start with `kg demo`.
    """
    ctx.obj = Settings(directory, quiet)


def main(args: list[str] | None = None) -> None:
    """Run the command line and exit with the code that the docs give it."""
    code = run(args)
    if threading.active_count() > 1 or sys.gettrace() or sys.getprofile():
        sys.exit(code)
    # What a process does in the end, but that the system takes the memory back as a whole: object by object
    # that takes a tenth of all the time where there is a large report.
    atexit._run_exitfuncs()
    for stream in (sys.stdout, sys.stderr):
        with suppress(OSError, ValueError):
            stream.flush()
    os._exit(code)


_kept: list[object] = []


def keep(*things: object) -> None:
    """Keep what has been made to the end of the process, which is near: to take it apart takes a while."""
    _kept[:] = things


_heard: list[int] = []


def hear(number: int, _frame: object) -> NoReturn:
    """Ctrl-C: as Python has it, and noted: libraries make other exceptions of the one that this raises."""
    _heard.append(number)
    raise KeyboardInterrupt


def _interrupted() -> int:
    click.echo("interrupted; the last good build is kept", err=True)
    return 130


def run(args: list[str] | None = None) -> int:
    """Run the command line; its exit code. Errors are lines on stderr, never a traceback."""
    _settle_streams()
    try:
        result = cli.main(args, prog_name="kg", standalone_mode=False)
        sys.stdout.flush()
    except (BrokenPipeError, SystemExit):  # click leaves so where nobody reads the pipe any more
        _hush()
        return 0
    except KGError as exc:
        if _heard:
            return _interrupted()
        for fault in exc.faults:
            _error(str(fault))
        return exc.exit_code
    except click.ClickException as exc:
        exc.show()
        return exc.exit_code
    except (click.Abort, KeyboardInterrupt):
        return _interrupted()
    except BaseException as exc:  # noqa: BLE001 - the last line of defence: a bug is told as such
        from kg.processes import shortage, supervisor
        from kg.processes.endings import SHORT

        if _heard:
            return _interrupted()
        if shortage.is_meant(exc):
            if supervisor.waiting():  # which knows more, and has memory to say it
                return SHORT
            _error(shortage.told())
            return InputError.exit_code
        if isinstance(exc, OSError) and exc.errno in NO_ROOM:
            _hush()
            _error(f"the output cannot be written: {exc.strerror}")
            return InputError.exit_code
        return _bug(exc)
    return result if isinstance(result, int) else 0


def _settle_streams() -> None:
    """Letters that a terminal or pipe cannot take are replaced; what has been closed is written nowhere."""
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if stream is None:
            setattr(sys, name, Path(os.devnull).open("w", encoding="utf-8"))  # noqa: SIM115 - to the end
        elif hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")


def _error(text: str) -> None:
    click.echo(f"{_colour('error', 'red')} {text}", err=True)


def _colour(text: str, colour: str) -> str:
    return text if os.environ.get("NO_COLOR") else click.style(text, fg=colour, bold=True)


def _hush() -> None:
    """Whoever read our output has closed it: write the rest nowhere, so that Python does not complain."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _bug(exc: BaseException) -> int:
    _error(f"a bug of kg itself: {type(exc).__name__}: {exc}")
    if os.environ.get("KG_DEBUG"):
        import traceback

        traceback.print_exception(exc)
    else:
        click.echo("  run it again with KG_DEBUG=1 for the details, and please report it", err=True)
    return 70
