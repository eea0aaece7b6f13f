"""`kg explain`: why a rule is there, with a right and a wrong example, and its shape."""

from __future__ import annotations

import click

from kg import build
from kg.cli.checking import of_workspace
from kg.cli.main import Settings
from kg.cli.output import put
from kg.cli.validate import check_language


@click.command()
@click.argument("rule")
@click.option("-f", "--format", "form", default="text", metavar="FORMAT", help="text, markdown or json.")
@click.option("--lang", default="en", show_default=True, help="The language: en, da, nb, nn or sv.")
@click.pass_obj
def command(settings: Settings, rule: str, form: str, lang: str) -> int:
    """Explain RULE: what it demands, why it is there, a right and a wrong example, and its shape.

    The name of a rule stands at the end of each finding; `kg validate --rules` lists all.
    """
    from kg.explain import Examples, explain
    from kg.explain.rendering import render

    onto = build.ontology_of(settings.workspace)
    checking = of_workspace(settings, ())
    check_language(lang, checking.rules)
    examples = Examples.read(settings.workspace.ontology)
    naming = build.naming(settings.workspace, onto)
    put(render(explain(rule, checking.rules, onto, examples, naming), form, lang), None)
    return 0
