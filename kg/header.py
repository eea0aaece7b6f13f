"""What a query says of itself, in the YAML of its lines that begin with `#+`; every fault at its place."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace

from kg.cases.compose import Map, Node, Scalar, compose
from kg.errors import Fault, InputError
from kg.meant import choices
from kg.places import Place

MARK = "#+"
KEYS = ("id", "question", "columns", "parameters", "expected", "fix", "marks", "sides", "finding")
TYPES = ("string", "date", "integer", "case")
"""What a parameter may be."""


@dataclass
class Header:
    """The header of the query `text` in the file `path`, and what is wrong with it."""

    text_of_file: str
    path: str
    said: Map
    faults: list[Fault] = field(default_factory=list)

    @classmethod
    def read(cls, text: str, path: str) -> Header:
        """The header of a query; faults are noted, not raised."""
        lines = [line.removeprefix(MARK) if line.startswith(MARK) else "" for line in text.split("\n")]
        bare = "\n".join(line.removeprefix(" ") for line in lines)
        faults: list[Fault] = []
        try:
            said = compose(bare, path, faults)
        except InputError as exc:
            said, faults = None, [replace(f, what=f"the header is not YAML: {f.what}") for f in exc.faults]
        empty = Map(Place(path, 1, 1))
        header = cls(text, path, said if isinstance(said, Map) else empty)
        header.faults = [replace(fault, place=header._moved(fault.place)) for fault in faults]
        if said is not None and not isinstance(said, Map) and not (isinstance(said, Scalar) and said.empty):
            header._fault(said.place, "the header is no map", "write “#+ question: …”")
        for key, (word, _) in header.said.pairs.items():
            if key not in KEYS:
                header._fault(word.place, f"unknown key “{key}” of a header", choices(key, KEYS))
        return header

    def _moved(self, place: Place | None) -> Place | None:
        """A place of the YAML as one of the file, where it stands behind its mark."""
        if not place or not place.line:
            return place
        line = self.text_of_file.split("\n")[place.line - 1 : place.line] or [""]
        shift = len(MARK) + line[0].startswith(MARK + " ") if line[0].startswith(MARK) else 0
        return place._replace(column=place.column + shift)

    def _fault(self, place: Place, what: str, fix: str) -> None:
        self.faults.append(Fault(self._moved(place), what, fix))

    def text(self, key: str) -> str | None:
        """The text of a key, or None where it is not given."""
        value = self._value(key)
        return value.text if isinstance(value, Scalar) and not value.empty else None

    def _value(self, key: str) -> Node | None:
        return self.said.pairs[key][1] if key in self.said.pairs else None

    def check(self) -> None:
        """Note where a value is of another form than its key has."""
        for key in ("id", "expected", "fix", "marks", "sides", "finding"):
            if (value := self._value(key)) is not None and not isinstance(value, Scalar):
                self._fault(value.place, f"“{key}” has to be a text", f"write {MARK} {key}: …")
        for key, form in (("columns", "{name: what it holds, …}"), ("question", "{en: …}")):
            value = self._value(key)
            if value is None or (isinstance(value, Scalar) and (value.empty or key == "question")):
                continue
            if not isinstance(value, Map):
                self._fault(value.place, f"“{key}” has to be a map", f"write {MARK} {key}: {form}")
                continue
            for name, (_, text) in value.pairs.items():
                told = isinstance(text, Map) and all(
                    isinstance(each, Scalar) for _, each in text.pairs.values()
                )
                if not isinstance(text, Scalar) and not (key == "columns" and told):
                    self._fault(text.place, f"“{name}” has to be a text", f"write {name}: …")

    def texts(self, key: str, bare: str = "") -> dict[str, str]:
        """The texts of a map; a text alone is that of the name `bare`."""
        value = self._value(key)
        if isinstance(value, Map):
            return {name: text.text for name, (_, text) in value.pairs.items() if isinstance(text, Scalar)}
        return {bare: value.text} if bare and isinstance(value, Scalar) and not value.empty else {}

    def heads(self) -> dict[str, dict[str, str]]:
        """What each column holds, by language; a text alone is English."""
        value = self._value("columns")
        return {
            name: {lang: text.text for lang, (_, text) in said.pairs.items() if isinstance(text, Scalar)}
            if isinstance(said, Map)
            else {"en": said.text if isinstance(said, Scalar) else ""}
            for name, (_, said) in (value.pairs.items() if isinstance(value, Map) else ())
        }

    def names(self, key: str, known: Collection[str], what: str) -> tuple[str, ...]:
        """The names in the text of a key, which must be `known`."""
        value = self._value(key)
        found = tuple(value.text.replace(",", " ").split()) if isinstance(value, Scalar) else ()
        for name in found:
            if value and name not in known:
                self._fault(value.place, f"“{key}” names “{name}”, which is no {what}", choices(name, known))
        return found

    def parameters(self) -> dict[str, str]:
        """The parameters with their types."""
        value = self._value("parameters")
        if value is None or (isinstance(value, Scalar) and value.empty):
            return {}
        if not isinstance(value, Map):
            self._fault(
                value.place, "“parameters” has to be a map", f"write {MARK} parameters: {{name: type}}"
            )
            return {}
        return {name: self._type(name, said) for name, (_, said) in value.pairs.items()}

    def _type(self, name: str, said: Node) -> str:
        """The type of a parameter: a text, or what `type` of a map says."""
        if isinstance(said, Map):
            said = said.pairs["type"][1] if "type" in said.pairs else Scalar("string", said.place)
        if isinstance(said, Scalar) and said.text in TYPES:
            return said.text
        what = f"parameter “{name}” is of unknown type" + (
            f" “{said.text}”" if isinstance(said, Scalar) else ""
        )
        self._fault(said.place, what, f"known: {', '.join(TYPES)}")
        return TYPES[0]

    def check_places(self, parameters: Collection[str], places: Mapping[str, int]) -> None:
        """Note the parameters without a line in the query, and the lines without a parameter.

        :param places: the names that lines are marked with, and where in the text these stand.
        """
        self.check()
        value = self._value("parameters")
        for name in parameters:
            if name not in places and isinstance(value, Map):
                what = f"parameter “{name}” has no line “VALUES ?{name} {{ … }} # parameter”"
                self._fault(value.pairs[name][0].place, what, "add it to the query")
        for name, at in sorted(places.items()):
            if name not in parameters:
                what = f"“VALUES ?{name}” is marked as a parameter that the header does not name"
                from kg.formats.wording import place_after

                fix = f"write {MARK} parameters: {{{name}: {TYPES[0]}}}"
                self.faults.append(Fault(place_after(self.text_of_file[:at], self.path), what, fix))
