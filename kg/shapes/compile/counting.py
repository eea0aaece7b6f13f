"""What is counted or asked of all data at once, so that it need not be asked of the nodes of each shape."""

from __future__ import annotations

from kg.shapes.compile.focus import Ends, Focus, Instances, Nodes, OfMany, Part, Scratch, Through
from kg.shapes.compile.loading import Loaded
from kg.shapes.compile.sites import QUERY
from kg.shapes.paths import Path
from kg.shapes.triples import Object

FEW = 1000
"""Of how many rows on it is no longer few that pass a test."""

OFTEN = 3
"""How many times as much time has to have gone into asking for parts: there may not be many more to ask."""


class Counted:
    """Data with what is known of how much is in it; each is counted when it is first asked for.

    `too_few`: the nodes of a focus that have less values by a path than a number.
    """

    def __init__(self, data: Loaded) -> None:
        self.data = data
        self.scratch = Scratch(data)
        self._counts: dict[str, tuple[int, int]] = {}
        self._sizes: dict[Part, int] = {}
        self._rare: dict[tuple[str, str], set[tuple[Object, ...]] | None] = {}
        self._most: dict[str, int] = {}
        self._beyond: dict[tuple[str, int], list[Object] | None] = {}
        self.too_few: dict[tuple[Focus, Path | None, int], set[Object]] = {}
        self._asked: dict[tuple[str, str], int] = {}

    def size(self, part: Part) -> int:
        """How many nodes a part has, each counted as often as its pattern gives it."""
        if isinstance(part, Instances):
            return self.data.class_sizes.get(part.cls, 0)
        if isinstance(part, Ends):
            return self.data.property_sizes.get(part.prop, 0)
        if isinstance(part, Nodes):
            return len(part.nodes)
        if part not in self._sizes:
            self._sizes[part] = self._counted(part)
        return self._sizes[part]

    def _counted(self, part: OfMany | Through) -> int:
        if isinstance(part, OfMany):
            return sum(self.data.class_sizes.get(cls, 0) for cls in part.classes)
        [row] = self.data.select(f"SELECT (COUNT(*) AS ?n) {{ {part.pattern('?this', self.scratch)} }}")
        return int(row[0].value)

    def pays(self, way: str, test: str, end: Part, among: int, factor: float) -> bool:
        """Whether to ask all of a property at once takes less than to ask it `among` so many nodes.

        That is so as well where the same has been asked of many other nodes before: classes by the hundred
        mostly have properties in common.
        """
        asked = self._asked[way, test] = self._asked.get((way, test), 0) + among + QUERY
        return self.size(end) < factor * max(among, asked / OFTEN)

    def rare(self, way: str, test: str, what: str = "?this ?value") -> set[tuple[Object, ...]] | None:
        """All nodes and values by a link of one triple that pass a test; nothing if they are many."""
        if (way, test) not in self._rare:
            rows = self.data.select(f"SELECT {what} {{ {way} FILTER({test}) }} LIMIT {FEW}")
            found = {tuple(row) for row in rows}
            self._rare[way, test] = found if len(found) < FEW else None
        return self._rare[way, test]

    def is_single(self, link: str) -> bool:
        """Whether no node at all has two values by a link of one triple."""
        pairs, nodes = self.counts(link)
        return pairs == nodes

    def beyond(self, body: str, most: int) -> list[Object] | None:
        """The nodes `?this` with more values than so many in the rows of a pattern; nothing if many."""
        if (body, most) not in self._beyond:
            beyond = f"GROUP BY ?this HAVING (COUNT(DISTINCT ?value) > {most}) LIMIT {FEW}"
            found = [row[0] for row in self.data.select(f"SELECT ?this {{ {body} }} {beyond}")]
            self._beyond[body, most] = found if len(found) < FEW else None
        return self._beyond[body, most]

    def most(self, link: str) -> int:
        """How many values the node has that has most of them by a link of one triple."""
        if link not in self._most:
            each = f"SELECT (COUNT(DISTINCT ?value) AS ?n) {{ {link} }} GROUP BY ?this"
            [row] = self.data.select(f"SELECT (MAX(?n) AS ?most) {{ {each} }}")
            self._most[link] = int(row[0].value) if row[0] else 0
        return self._most[link]

    def counts(self, body: str) -> tuple[int, int]:
        """How many rows a pattern has, and how many nodes `?this` is in them."""
        if body not in self._counts:
            query = f"SELECT (COUNT(*) AS ?all) (COUNT(DISTINCT ?this) AS ?nodes) {{ {body} }}"
            [row] = self.data.select(query)
            self._counts[body] = int(row[0].value), int(row[1].value)
        return self._counts[body]
