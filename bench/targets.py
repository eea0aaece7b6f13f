"""What is to be reached: for a figure of a row at a size the bar, and the one beyond it."""

from __future__ import annotations

from dataclasses import dataclass

LIMIT = "CPU, to the limit"
SLOWEST, TO_RAW = "slowest", "largest ratio to raw Oxigraph, of those over 5 ms"
PEAK, GROWTH = "peak memory", "CPU, to ten times that of 1M"
TO_FULL, TO_PYSHACL = "wall, to the full build", "wall, to pySHACL"


@dataclass(frozen=True, slots=True)
class Bar:
    """At most `reach`, or at least that where `more` is better."""

    reach: float
    beyond: float | None = None
    more: bool = False
    unit: str = "×"


def of_peer(what: str, peer: str) -> str:
    """The name of a figure of a peer: of its CPU or its memory."""
    return f"{what} of {peer}, to that of kg"


TARGETS: dict[tuple[str, str, str], Bar] = {
    ("validate", "1M", LIMIT): Bar(3, 2),
    ("validate", "100k", LIMIT): Bar(3.5, 2.5),
    ("nested", "1M", LIMIT): Bar(4, 2.5),
    ("violating", "100k", LIMIT): Bar(4, 2.5),
    ("validate-jena", "1M", of_peer("CPU", "Jena")): Bar(3.5, 6, more=True),
    ("validate-jena", "1M", of_peer("memory", "Jena")): Bar(4, 6, more=True),
    ("validate-pyshacl", "100k", of_peer("CPU", "pySHACL")): Bar(300, 600, more=True),
    ("validate", "10M", PEAK): Bar(6, 4, unit="GB"),
    ("validate", "10M", GROWTH): Bar(1.3),
    ("infer", "1M", LIMIT): Bar(1.2, 0.6),
    ("build", "1M", LIMIT): Bar(9, 5),
    ("change", "1M", TO_FULL): Bar(3, 1, unit="%"),
    ("questions", "1M", SLOWEST): Bar(1000, 100, unit="ms"),
    ("questions", "1M", TO_RAW): Bar(1.1),
    ("start", "", TO_PYSHACL): Bar(0.25, 0.15),
    ("ask", "", TO_PYSHACL): Bar(1, 0.5),
    ("five", "", TO_PYSHACL): Bar(1),
}
"""Row, size and figure → what is to be reached."""
