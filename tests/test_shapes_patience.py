"""pySHACL and rdflib match by Python's regular expressions, and give up those that go on for ever."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from pyoxigraph import Quad, RdfFormat, parse

from kg.errors import DefinitionError
from kg.shapes import Report, validate
from kg.shapes.compile import patience

ROOT = Path(__file__).parent.parent
PREFIXES = """prefix : <http://e/> prefix sh: <http://www.w3.org/ns/shacl#>
prefix xsd: <http://www.w3.org/2001/XMLSchema#>
"""
AWKWARD = f':a a :Thing ; :code "{"a" * 60}!" . :b a :Thing ; :code "aaa" .'
AGAIN = "^(a+)+$"
"""The store takes no longer for it than for any other, Python for ever."""

SHAPES = f':S sh:targetClass :Thing ; sh:property [ sh:path :code ; sh:pattern "{AGAIN}" ] .'
DECLARED = ': sh:declare [ sh:prefix "" ; sh:namespace "http://e/"^^xsd:anyURI ] .'
COMPONENT = f"""{DECLARED} :Looks a sh:ConstraintComponent ; sh:parameter [ sh:path :like ] ;
    sh:validator [ sh:ask 'ASK {{ FILTER REGEX($value, $like) }}' ] .
    :S sh:targetObjectsOf :code ; :like "{AGAIN}" ."""
QUERY = f"""{DECLARED} :S sh:targetClass :Thing ; sh:sparql :Named . :Named sh:prefixes : ;
    sh:select '''SELECT $this {{ $this :code ?x FILTER (!REGEX(STR(?x), "{AGAIN}")) }}''' ."""


def quads(text: str) -> list[Quad]:
    return list(parse((PREFIXES + text).encode(), RdfFormat.TURTLE))


def judged(shapes: str, engine: str = "pyshacl", data: str = AWKWARD) -> Report:
    return validate(quads(data), quads(shapes), engine=engine)


@pytest.mark.parametrize(
    ("shapes", "rule"),
    [(SHAPES, "Thing.code: "), (QUERY, "Named: "), (COMPONENT, "S: ")],
    ids=["pattern", "query", "component"],
)
def test_what_the_store_takes_and_python_does_not_is_given_up_by_pyshacl_alone(
    monkeypatch: pytest.MonkeyPatch, shapes: str, rule: str
) -> None:
    monkeypatch.setattr(patience, "PATIENCE", 0.1)
    assert len(judged(shapes, "compiled").violations) == 1
    said = f"^{rule}the regular expression “{re.escape(AGAIN)}” went on for more than 0.1 seconds; write it"
    with pytest.raises(DefinitionError, match=said):
        judged(shapes)


def test_all_texts_together_have_that_long(monkeypatch: pytest.MonkeyPatch) -> None:
    """No single one takes so long that it would be given up for it."""
    monkeypatch.setattr(patience, "PATIENCE", 0.3)
    many = "".join(f':n{n} a :Thing ; :code "{"a" * 20}{n}" .' for n in range(1000))
    with pytest.raises(DefinitionError, match=r"went on for more than 0\.3 seconds"):
        judged(SHAPES, data=many)


def test_the_libraries_have_their_own_again(monkeypatch: pytest.MonkeyPatch) -> None:
    from kg.shapes.watched import MODULES

    monkeypatch.setattr(patience, "PATIENCE", 0.1)
    with pytest.raises(DefinitionError):
        judged(SHAPES)
    assert [module.re for module in MODULES] == [re, re]
    assert signal.getitimer(signal.ITIMER_REAL) == (0, 0)


def test_another_thread_finds_the_same() -> None:
    data = ':a a :Thing ; :code "b", 07, [], "x"@en, <urn:a> .'
    with ThreadPoolExecutor(1) as pool:
        elsewhere = pool.submit(judged, SHAPES, data=data).result()
    here = judged(SHAPES, data=data)
    assert len(here.violations) == 5
    assert {(v.rule, v.focus, v.component) for v in here.violations} == {
        (v.rule, v.focus, v.component) for v in elsewhere.violations
    }
    assert {str(v.value) for v in here.violations if "_:" not in str(v.value)} == {
        str(v.value) for v in elsewhere.violations if "_:" not in str(v.value)
    }


# --- as a command


def started(folder: Path) -> subprocess.Popen[str]:
    (folder / "data.ttl").write_text(PREFIXES + AWKWARD, "utf-8")
    (folder / "shapes.ttl").write_text(PREFIXES + SHAPES, "utf-8")
    return subprocess.Popen(
        [sys.executable, "-m", "kg", "validate", "data.ttl", "--shapes", "shapes.ttl", "--engine", "pyshacl"],
        cwd=folder, env=os.environ | {"PYTHONPATH": str(ROOT), "NO_COLOR": "1"}, text=True,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler) and None,
    )  # fmt: skip


def test_the_command_says_which_and_where(tmp_path: Path) -> None:
    process = started(tmp_path)
    out, err = process.communicate(timeout=60)
    assert (process.returncode, out) == (4, "")
    assert err == (
        f"error shapes.ttl:3:58: Thing.code: the regular expression “{AGAIN}” went on for more than 5 "
        "seconds; write it so that no part can match the same text in two ways\n"
    )


def test_ctrl_c_gets_through_while_it_matches(tmp_path: Path) -> None:
    process = started(tmp_path)
    time.sleep(3)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=60)
    assert (process.returncode, out) == (130, "")
    assert err.strip() == "interrupted; the last good build is kept"
