"""Sorted lines on the disk: what comes out is what was put in, sorted, each line once."""

from __future__ import annotations

import pytest
from hypothesis import given, strategies as st

from kg import runs
from kg.runs import Runs, merged

LINES = st.lists(st.binary(max_size=6).map(lambda text: text.translate(None, b"\r\n") + b"\n"), max_size=30)


@given(st.lists(st.lists(LINES, max_size=4), max_size=3), st.integers(1, 40))
def test_what_is_merged_is_all_lines_sorted_and_each_once(
    parts: list[list[list[bytes]]], window: int
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(runs, "LEAST", window)
        patch.setattr(runs, "MOST", window)
        patch.setattr(runs, "BLOCK", window)
        patch.setattr(runs, "BATCH", 7)
        given_, made = set[bytes](), []
        for part in parts:
            made.append(Runs())
            for number, lines in enumerate(part):
                given_ |= set(lines)
                if number % 2:
                    made[-1].add_lines(lines)
                else:
                    made[-1].add(b"".join(sorted(set(lines))))
        blocks = [block for each in made for block in each.blocks()]
        assert all(block.endswith(b"\n") for block in blocks)
        assert {line + b"\n" for block in blocks for line in block.split(b"\n")[:-1]} == given_
        assert b"".join(text for text, _ in merged(made)) == b"".join(sorted(given_))
        assert sum(number for _, number in merged(made)) == len(given_)


def test_lines_are_counted_and_a_line_may_be_longer_than_what_is_read_at_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(runs, "LEAST", 3)
    monkeypatch.setattr(runs, "MOST", 3)
    made = Runs()
    made.add(b"a" * 100 + b"\nb\n")
    made.add(b"a\nc\n")
    assert made.lines == 4
    assert b"".join(text for text, _ in merged([made])) == b"a\n" + b"a" * 100 + b"\nb\nc\n"
