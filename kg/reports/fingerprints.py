"""Names of findings that stay the same when lines move, and in every language."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator

from pyoxigraph import BlankNode

from kg.shapes import Finding, local_name, paths
from kg.shapes.findings import saying
from kg.shapes.triples import Object
from kg.shapes.violations import Kind, Told

Name = Callable[[str, int], str]
"""Names a row of a kind, which is about a node, or about one without a name in a file."""


def of_findings(found: Iterable[Finding]) -> Iterator[str]:
    """The fingerprints of findings in their order; of two that are the same the second has another.

    What is no violation goes by what it says.

    >>> from kg.shapes import Severity
    >>> finding = Finding(None, Severity.INFO, "", "a message", "a rule")
    >>> names = [*of_findings([finding, finding])]
    >>> len(set(names)), names[:1] == [*of_findings([finding])]
    (2, True)
    """
    kinds, seen = _Names(), dict[str, int]()
    for finding in found:
        place, _, key, message, rule, subject, origin, row = finding
        if (kind := origin.kind) is not None:
            yield kinds[kind](subject or (place.path if place else ""), row)
        else:
            mark = "\0".join((rule, place.path if place else "", subject, key, finding.mark or message))
            seen[mark] = number = seen.get(mark, 0) + 1
            yield _short(f"{mark}\0{number}")


def of_violations(told: Iterable[Told]) -> Iterator[str]:
    """The same of violations, which a finding may tell several of."""
    kinds = _Names()
    for kind, row in told:
        node, places = kind.group.focus[row], kind.places[row]
        where = str(node) if type(node) is not BlankNode else places[0].path if places else ""
        yield kinds[kind](where, row)


class _Names(dict[Kind, Name]):
    """What makes a violation this one: its rule, node, component, path, value and, in English, words."""

    def __init__(self) -> None:
        self._seen: dict[tuple[str, str], dict[tuple[str, str, str], int]] = {}

    def __missing__(self, kind: Kind) -> Name:
        source, values, texts = kind.group.source, kind.group.values, _Texts()
        path = paths.write(source.path) if source.path else ""
        rule, way = kind.rule, f"\0{source.component.value}\0{path}\0"
        say, seen = saying(kind, "en", local_name), self._seen.setdefault((rule, way), {})

        def name(where: str, row: int) -> str:
            value, said = texts[values[row]], say(row)
            same = (where, value, said)
            seen[same] = number = seen.get(same, 0) + 1
            return _short(f"{rule}\0{where}{way}{value}\0{said}\0{number}")

        self[kind] = name
        return name


def _short(text: str, sha256: Callable[[bytes], hashlib._Hash] = hashlib.sha256) -> str:
    return sha256(text.encode()).hexdigest()[:32]


class _Texts(dict[Object | None, str]):
    """Values in marks: many findings have the same."""

    def __missing__(self, value: Object | None) -> str:
        text = self[value] = "[]" if isinstance(value, BlankNode) else str(value)
        return text
