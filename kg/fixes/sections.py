"""The order of a file: what a case says of itself, then its sections, as the template has them.

A section that the template does not name stays behind the one that it follows; comments go
with the key below them, or with the line that they stand next to.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from kg.cases.compose import Map
from kg.context import Context
from kg.fixes.edits import Edit, apply, lines
from kg.fixes.written import Written, tree

_KEY = re.compile(r"^(?:# ?)?([^\s:#]+):", re.M)
_OF_THE_FILE = re.compile(r"#!|#\s*(?:yaml-language-server:|SPDX-)")


def order(template: str, context: Context) -> tuple[str, ...]:
    """The sections that a template of case files names, commented out or not, in its order."""
    return tuple(dict.fromkeys(name for name in _KEY.findall(template) if name in context.maps))


def sections(written: Written, wanted: Sequence[str], context: Context) -> list[Edit]:
    """The edit, if there is one, that puts the keys of a faultless document in order."""
    root, text = written.root, written.text
    if not isinstance(root, Map) or written.faults or not root.pairs:
        return []
    keys = [key for key, _ in root.pairs.values()]
    names = [key.text for key in keys]
    ranked = _ranked(names, wanted, context)
    starts = [written.at(key.place) for key in keys]
    if ranked == names or keys[0].place.column != 1:
        return []
    blocks = _blocks(written, starts)
    if blocks is None or (ranked[0] != names[0] and _has_own_comment(text, starts[0])):
        return []
    return _checked(text, blocks, [names.index(name) for name in ranked])


def _ranked(names: list[str], wanted: Sequence[str], context: Context) -> list[str]:
    """The `names` in their order: first what is no section, then the sections."""
    rank = {name: at for at, name in enumerate(wanted)}
    ranks: dict[str, int] = {}
    last = -1
    for name in names:
        if name in context.maps:
            ranks[name] = last = rank.get(name, last)
        else:
            ranks[name] = -2
    return sorted(names, key=ranks.__getitem__)


def _blocks(written: Written, starts: list[int]) -> list[tuple[int, int]] | None:
    """From where to where each key goes with all that belongs to it; None where they share lines."""
    text = written.text
    bounds = [starts[0]]
    for start in starts[1:]:
        end = max((end for end in written.ends if end <= start), default=0)
        line = text.find("\n", end) + 1
        if not 0 < line <= start:
            return None
        bounds.append(_after_own_comments(text, line, start))
    last = max(end for end in written.ends)
    tail = text.find("\n", last) + 1
    if not tail:
        return None
    bounds.append(_after_own_comments(text, tail, len(text)))
    return list(pairwise(bounds))


def _after_own_comments(text: str, start: int, end: int) -> int:
    """Where, of the blank lines and comments from `start` to `end`, the next key's begin.

    Those that are indented, and those that an empty line parts from what follows, go with what
    stands above.
    """
    between = lines(text[start:end])
    own = 0
    while own < len(between) and between[own][0] in " \t" and between[own].strip():
        own += 1
    block = own
    while block < len(between) and between[block].strip():
        block += 1
    parted = block < len(between) or end == len(text)
    return start + sum(map(len, between[: block if parted else own]))


def _has_own_comment(text: str, start: int) -> bool:
    """Whether a comment stands right above the first key, of which it is not clear what it is about."""
    above = text[:start].rsplit("\n", 2)
    line = above[-2] if len(above) > 1 else ""
    return bool(line.strip()) and not _OF_THE_FILE.match(line.strip()) and line.strip() != "---"


def _checked(text: str, blocks: list[tuple[int, int]], places: list[int]) -> list[Edit]:
    """The edit that puts the blocks in order, if the text then says the same in the same lines."""
    start, end = blocks[0][0], blocks[-1][1]
    new = "".join(text[slice(*blocks[at])] for at in places)
    edit = Edit(start, end, new, "the sections stand in the order of the template", "order")
    after = apply(text, [edit])
    same = sorted(after.split("\n")) == sorted(text.split("\n")) and tree(after) == tree(text)
    return [edit] if same else []
