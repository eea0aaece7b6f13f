"""The pages of the command line: what each command takes and does, and the codes it exits with."""

from __future__ import annotations

import inspect
from collections.abc import Iterable, Iterator, Mapping

import click

from kg.manual.markdown import code, page, table, text


def commands(group: click.Group) -> str:
    """The page of all commands of `group` that are not hidden, in its own order, with all their options.

    `-h` stands with those of the group, and is an option of each.
    """
    context = _context(group, None, "kg")
    parts = [
        f"## Before the command\n\n{_usage(group, context)}",
        _paragraphs(group),
        _options(group.get_params(context), context),
    ]
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        if command and not command.hidden:
            parts += _command(name, command, _context(command, context, name))
    return page("Commands", "the commands themselves", parts)


def _context(command: click.Command, parent: click.Context | None, name: str) -> click.Context:
    return click.Context(command, parent, info_name=name, terminal_width=1000, **command.context_settings)


def _command(name: str, command: click.Command, context: click.Context) -> Iterator[str]:
    yield f"## {name}\n\n{_usage(command, context)}"
    yield _paragraphs(command)
    yield _options(command.params, context)


def _usage(command: click.Command, context: click.Context) -> str:
    words = [context.command_path, *command.collect_usage_pieces(context)]
    return f"```text\n{' '.join(words)}\n```"


def _paragraphs(command: click.Command) -> str:
    paragraphs = inspect.cleandoc(command.help or "").split("\n\n")
    return "\n\n".join(" ".join(each.split()) for each in paragraphs)


def _options(parameters: Iterable[click.Parameter], context: click.Context) -> str:
    records = (each.get_help_record(context) for each in parameters if isinstance(each, click.Option))
    rows = [(code(names), text(said)) for names, said in filter(None, records)]
    return table(("option", "what it does"), rows)


def exit_codes(codes: Mapping[int, str]) -> str:
    """The page of the codes that a command exits with."""
    rows = ((str(number), text(meaning)) for number, meaning in codes.items())
    return page("Exit codes", "the command line itself", [table(("code", "meaning"), rows)])
