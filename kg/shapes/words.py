"""The words around the messages, in five languages: what shapes do not say themselves.

Nobody whose language it is has read them yet, but for the English ones.
"""

from __future__ import annotations

from kg import languages
from kg.languages import Table, Words

TABLE: Table = {
    # nouns: one/many
    "error": ("error/errors", "fejl", "feil", "feil", "fel"),
    "warning": (
        "warning/warnings",
        "advarsel/advarsler",
        "advarsel/advarsler",
        "åtvaring/åtvaringar",
        "varning/varningar",
    ),
    "info": (
        "info/infos",
        "oplysning/oplysninger",
        "opplysning/opplysninger",
        "opplysning/opplysningar",
        "upplysning/upplysningar",
    ),
    "file": ("file/files", "fil/filer", "fil/filer", "fil/filer", "fil/filer"),
    "finding": ("finding/findings", "fund", "funn", "funn", "fynd"),
    # within a line
    "got": ("got", "fik", "fikk", "fekk", "fick"),
    "nothing": ("no findings", "ingen fund", "ingen funn", "ingen funn", "inga fynd"),
    "within": ("in", "i", "i", "i", "i"),
    "also": ("also", "også", "også", "også", "även"),
    "more": (
        "… and {number} more",
        "… og {number} til",
        "… og {number} til",
        "… og {number} til",
        "… och {number} till",
    ),
    # heads of pages and columns
    "title": ("Check report", "Kontrolrapport", "Kontrollrapport", "Kontrollrapport", "Kontrollrapport"),
    "line": ("line", "linje", "linje", "linje", "rad"),
    "level": ("level", "niveau", "nivå", "nivå", "nivå"),
    "rule": ("rule", "regel", "regel", "regel", "regel"),
    "why": ("why", "hvorfor", "hvorfor", "kvifor", "varför"),
    "right": ("right", "rigtigt", "riktig", "rett", "rätt"),
    "wrong": ("wrong", "forkert", "feil", "feil", "fel"),
    "shape": ("shape", "shape", "shape", "shape", "shape"),
    "nowhere": (
        "in no file",
        "ikke i nogen fil",
        "ikke i noen fil",
        "ikkje i noka fil",
        "inte i någon fil",
    ),
    # sentences
    "fallback": (
        "{rule}: the regular expression “{pattern}” was matched by Python instead of the store ({why})",
        "{rule}: det regulære udtryk “{pattern}” blev matchet af Python i stedet for af databasen ({why})",
        "{rule}: det regulære uttrykket “{pattern}” ble matchet av Python i stedet for av databasen ({why})",
        "{rule}: det regulære uttrykket “{pattern}” vart matcha av Python i staden for av databasen ({why})",
        "{rule}: det reguljära uttrycket “{pattern}” matchades av Python i stället för av databasen ({why})",
    ),
    "look-ahead": (
        "it looks ahead",
        "det ser fremad",
        "det ser framover",
        "det ser framover",
        "det ser framåt",
    ),
    "look-behind": (
        "it looks behind",
        "det ser tilbage",
        "det ser bakover",
        "det ser bakover",
        "det ser bakåt",
    ),
    "back-reference": (
        "it refers back to what it has found",
        "det henviser til, hvad det har fundet",
        "det viser til hva det har funnet",
        "det viser til kva det har funne",
        "det hänvisar till vad det har funnit",
    ),
    "possessive": (
        "it lets go of nothing that it took",
        "det slipper intet, som det har taget",
        "det slipper ingenting som det har tatt",
        "det slepp ingenting som det har teke",
        "det släpper inget som det har tagit",
    ),
    "unreadable": (
        "the store cannot read it",
        "databasen kan ikke læse det",
        "databasen kan ikke lese det",
        "databasen kan ikkje lese det",
        "databasen kan inte läsa det",
    ),
    "levels": (
        "Errors have to be mended; warnings should be looked at.",
        "Fejl skal rettes; advarsler bør ses efter.",
        "Feil må rettes; advarsler bør sees på.",
        "Feil må rettast; åtvaringar bør sjåast på.",
        "Fel måste rättas; varningar bör ses över.",
    ),
    "made by": (
        "Made by {tool}.",
        "Lavet af {tool}.",
        "Laget av {tool}.",
        "Laga av {tool}.",
        "Gjord av {tool}.",
    ),
    # the rule of reading, which no shape states
    "readable": ("readable", "læsbar", "lesbar", "lesbar", "läsbar"),
    "must be readable": (
        "must be a file that can be read",
        "skal være en fil, der kan læses",
        "må være en fil som kan leses",
        "må vere ei fil som kan lesast",
        "måste vara en fil som kan läsas",
    ),
    "why readable": (
        "What cannot be read cannot be checked, and must not pass for being sound.",
        "Hvad der ikke kan læses, kan ikke kontrolleres og må ikke gælde for at være i orden.",
        "Det som ikke kan leses, kan ikke kontrolleres og må ikke regnes for å være i orden.",
        "Det som ikkje kan lesast, kan ikkje kontrollerast og må ikkje reknast for å vere i orden.",
        "Det som inte kan läsas kan inte kontrolleras och får inte räknas som felfritt.",
    ),
}


def words(lang: str) -> Words:
    """The words in the language nearest to `lang`; English where there is none.

    >>> words("en").count("file", 1), words("sv").count("warning", 2)
    ('1 file', '2 varningar')
    """
    return languages.words(TABLE, lang)
