"""Findings as JUnit XML, which build servers show as tests: each file a suite, each finding a test.

A finding that counts as failed is a failure, what could not be read an error; any other finding passes
and tells what it is. A file without findings is a test that passes.
"""

from __future__ import annotations

from collections.abc import Iterator
from xml.etree import ElementTree as ET

from kg.formats.portable import NOT_XML
from kg.reports.page import Page
from kg.shapes import Finding
from kg.shapes.report import INPUT


def parts(page: Page) -> Iterator[str]:
    """Suites in the order of files, those without findings last."""
    suites = [_suite(path or page.words["nowhere"], found, page) for path, found in page.by_file]
    told = {path for path, _ in page.by_file}
    suites += [_suite(path, [], page) for path in sorted(page.report.files - told)]
    root = ET.Element("testsuites", {"name": "kg validate", **_sums(suites)})
    root.extend(suites)
    ET.indent(root, " ")
    yield '<?xml version="1.0" encoding="UTF-8"?>\n' + ET.tostring(root, encoding="unicode") + "\n"


def _suite(name: str, found: list[Finding], page: Page) -> ET.Element:
    suite = ET.Element("testsuite", {"name": _xml(name)})
    suite.extend([_test(finding, page) for finding in found] or [_passed(name, page)])
    tests = list(suite)
    suite.attrib |= {
        "tests": str(len(tests)),
        "failures": str(len(suite.findall("testcase/failure"))),
        "errors": str(len(suite.findall("testcase/error"))),
    }
    return suite


def _sums(suites: list[ET.Element]) -> dict[str, str]:
    return {
        name: str(sum(int(suite.get(name, 0)) for suite in suites))
        for name in ("tests", "failures", "errors")
    }


def _test(finding: Finding, page: Page) -> ET.Element:
    place = finding.place
    name = " ".join(
        filter(None, (finding.rule, f"{place.line}:{place.column}" if place and place.line else ""))
    )
    test = ET.Element(
        "testcase", {"classname": _xml(place.path if place else finding.subject), "name": _xml(name)}
    )
    text = _xml("\n".join(_lines(finding, page)))
    if finding.severity.reaches(page.fails_at):
        kind = "error" if finding.rule == INPUT else "failure"
        attributes = {"type": _xml(finding.rule), "message": _xml(finding.message)}
        ET.SubElement(test, kind, attributes).text = text
    else:
        ET.SubElement(test, "system-out").text = text
    return test


def _lines(finding: Finding, page: Page) -> Iterator[str]:
    yield finding.line(page.words)
    for detail in finding.details:
        yield from ("  " + line for line in _lines(detail, page))


def _passed(name: str, page: Page) -> ET.Element:
    return ET.Element("testcase", {"classname": _xml(name), "name": page.words["nothing"]})


def _xml(text: str) -> str:
    """The text without letters that XML cannot hold."""
    return NOT_XML.sub("\ufffd", text)
