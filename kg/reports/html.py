"""Findings as one HTML page that needs nothing else: no script, no font, no picture, no network."""

from __future__ import annotations

import html
from collections.abc import Iterable, Iterator

from kg.languages import pick, tag
from kg.places import Place
from kg.reports.page import TOOL, Page
from kg.shapes import Finding
from kg.shapes.catalogue import Rule

STYLE = """
:root {
  color-scheme: light dark; --page: #ffffff; --text: #1a1a1a; --line: #767676; --soft: #f3f3f3;
  --error: #a4000f; --warning: #6b4a00; --info: #0b4f8a; --meant: #ffe08a; --on-meant: #1a1a1a;
}
@media (prefers-color-scheme: dark) { :root {
  --page: #161616; --text: #f0f0f0; --line: #8c8c8c; --soft: #2a2a2a;
  --error: #ff9c94; --warning: #f2c14e; --info: #8ec7ff;
} }
body {
  background: var(--page); color: var(--text); font: 1rem/1.5 system-ui, sans-serif;
  max-width: 70rem; margin: 2rem auto; padding: 0 1rem;
}
h2 { margin-top: 2.5rem; overflow-wrap: anywhere }
table { border-collapse: collapse; width: 100% }
caption { text-align: left; padding: .3rem 0 }
th, td { border-bottom: 1px solid var(--line); padding: .5rem; text-align: left; vertical-align: top }
td { overflow-wrap: anywhere }
a { color: inherit }
pre { background: var(--soft); margin: .4rem 0 0; padding: .4rem; white-space: pre-wrap }
mark { background: var(--meant); color: var(--on-meant) }
.error { color: var(--error); font-weight: bold }
.warning { color: var(--warning); font-weight: bold }
.info { color: var(--info); font-weight: bold }
dt { font-weight: bold; margin-top: 1rem }
dd { margin: 0 }
@media print { body { margin: 0; max-width: none } tr { break-inside: avoid } }
"""


def parts(page: Page) -> Iterator[str]:
    """The page in the reader's language: how much was found, a table for each file, and rules with why."""
    words = page.words
    yield (
        f'<!DOCTYPE html>\n<html lang="{words.lang}">\n<head>\n<meta charset="utf-8">\n'
        f'<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{_text(words['title'])}: {_text(page.summary)}</title>\n<style>{STYLE}</style>\n</head>\n"
        f"<body>\n<main>\n"
    )
    yield f"<h1>{_text(words['title'])}</h1>\n"
    yield f"<p><strong>{_text(page.summary)}.</strong> {_text(words['levels'])}</p>\n"
    for number, (path, found) in enumerate(page.by_file, 1):
        yield from _section(number, path, found, page)
    if page.rest:
        yield f"<p>{_text(page.rest)}</p>\n"
    if page.notes:
        yield "<ul>\n" + "".join(f"<li>{_text(note)}</li>\n" for note in page.notes) + "</ul>\n"
    if page.shown:
        yield _rules(page) + "\n"
    yield f"</main>\n<footer><p>{_text(words.say('made by', tool=TOOL))}</p></footer>\n</body>\n</html>\n"


def _section(number: int, path: str, found: list[Finding], page: Page) -> Iterator[str]:
    name = path or page.words["nowhere"]
    heads = (page.words[key].capitalize() for key in ("line", "level", "finding", "rule"))
    head = "".join(f'<th scope="col">{_text(each)}</th>' for each in heads)
    yield (
        f'<section aria-labelledby="file-{number}">\n<h2 id="file-{number}">{_text(name)}</h2>\n'
        f"<table>\n<caption>{_text(page.words.count('finding', len(found)))}</caption>\n"
        f"<thead><tr>{head}</tr></thead>\n<tbody>\n"
    )
    yield from (_row(finding, page) + "\n" for finding in found)
    yield "</tbody>\n</table>\n</section>\n"


def _row(finding: Finding, page: Page) -> str:
    rule, level = page.rule(finding), finding.severity.level
    return (
        f"<tr><td>{_line(finding.place)}</td>"
        f'<td><span class="{level}">{_text(page.words[level])}</span></td>'
        f"<td>{_told(finding, page)}</td>"
        f'<td><a href="#{_id(rule)}">{_text(rule.title(page.lang))}</a></td></tr>'
    )


def _line(place: Place | None) -> str:
    if not place or not place.line:
        return ""
    return f"{place.line}:{place.column}" if place.column else str(place.line)


def _told(finding: Finding, page: Page) -> str:
    """What was found, with its details, and the line of the file."""
    key = f"<strong>{_text(finding.key)}</strong>: " if finding.key else ""
    node = "" if finding.place else f"<br>{_text(finding.subject.strip('<>'))}"
    details = "".join(f"<li>{_told(detail, page)}</li>" for detail in finding.details)
    inner = f"<ul>{details}</ul>" if details else ""
    said = f"<span{_lang(page.spoken(finding), page)}>{_text(finding.message)}</span>"
    return key + said + node + _pointer(finding.places[:1], page) + inner


def _pointer(places: Iterable[Place], page: Page) -> str:
    excerpts = filter(None, map(page.sources.excerpt, places))
    return "".join(
        f"<pre><code>{_text(e.before)}<mark>{_text(e.meant)}</mark>{_text(e.after)}</code></pre>"
        for e in excerpts
    )


def _rules(page: Page) -> str:
    """The rules that are broken: what each demands, and why; in the language that it is said in."""
    told = "\n".join(_rule(rule, page) for rule in page.broken)
    return f"<section>\n<h2>{_text(page.words['why'].capitalize())}</h2>\n<dl>\n{told}\n</dl>\n</section>"


def _rule(rule: Rule, page: Page) -> str:
    name = f"{_text(rule.title(page.lang))} (<code>{_text(rule.name)}</code>)"
    told = "".join(
        f"<dd{_lang(tag(texts, page.lang), page)}>{_text(pick(texts, page.lang))}</dd>"
        for texts in (rule.demands, rule.reasons)
        if texts
    )
    return f'<dt id="{_id(rule)}">{name}</dt>\n{told}'


def _lang(lang: str, page: Page) -> str:
    """The mark of a text in another language than the page's, for those who have it read out."""
    return f' lang="{html.escape(lang)}"' if lang and lang != page.words.lang else ""


def _id(rule: Rule) -> str:
    return "rule-" + html.escape("".join(c if c.isalnum() or c in "._-" else "-" for c in rule.name))


def _text(text: str) -> str:
    """The text in HTML, without letters that HTML cannot hold."""
    if not text.isprintable():
        text = "".join(c if c in "\t\n" or c.isprintable() or c == "\xa0" else "\ufffd" for c in text)
    return html.escape(text)
