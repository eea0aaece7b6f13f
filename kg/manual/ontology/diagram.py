"""Diagrams in Mermaid, which GitHub, GitLab and most editors draw: boxes, and arrows with labels."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping


def flowchart(title: str, told: str, boxes: Mapping[str, str], arrows: Iterable[tuple[str, str, str]]) -> str:
    """A diagram of `boxes` (name → label) and `arrows` (from, label or nothing, to).

    Arrows between the same two boxes are drawn as one. `title` and `told` are for readers who do not see it.

    >>> print(flowchart("Things", "Who has what.", {"e:A": "a", "e:B": 'b "x"'}, [("e:A", "has", "e:B")]))
    ```mermaid
    flowchart LR
        accTitle: Things
        accDescr: Who has what.
        e_A["a"]
        e_B["b #quot;x#quot;"]
        e_A -->|"has"| e_B
    ```
    """
    together: dict[tuple[str, str], list[str]] = {}
    for start, label, end in sorted(set(arrows)):
        together.setdefault((start, end), []).append(label)
    lines = ["flowchart LR", f"    accTitle: {_line(title)}", f"    accDescr: {_line(told)}"]
    lines += [f"    {_id(name)}[{_quoted(label)}]" for name, label in boxes.items()]
    for (start, end), labels in together.items():
        said = "<br>".join(_line(label) for label in labels if label)
        lines.append(f"    {_id(start)} -->{f'|{_quoted(said)}|' if said else ''} {_id(end)}")
    return "```mermaid\n" + "\n".join(lines) + "\n```"


def _id(name: str) -> str:
    """A name of a box; no two names make the same.

    >>> _id("e:A"), _id("e:b-c")
    ('e_A', 'e_b_2dc')
    """
    return re.sub(r"[^A-Za-z0-9:]", lambda found: f"_{ord(found[0]):02x}", name).replace(":", "_")


def _line(text: str) -> str:
    return " ".join(text.split())


def _quoted(text: str) -> str:
    return '"' + text.replace('"', "#quot;") + '"'
