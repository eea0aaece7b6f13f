"""Files as bytes, and bytes as text."""

from __future__ import annotations

import codecs
import re
from pathlib import Path

from kg.errors import InputError
from kg.places import Place

HEAD = 2**12
"""How many bytes show what a file is."""

_AS_UTF8 = "save it as UTF-8"
_NO_TEXT = ("the file holds bytes that are no text", "name a text file, or take out the control characters")
_BOMS = (
    (codecs.BOM_UTF32_LE, "UTF-32"),
    (codecs.BOM_UTF32_BE, "UTF-32"),
    (codecs.BOM_UTF16_LE, "UTF-16"),
    (codecs.BOM_UTF16_BE, "UTF-16"),
)
_CONTROL = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")
_UNREADABLE: dict[type[OSError], tuple[str, str]] = {
    FileNotFoundError: ("there is no such file", "look at its name and folder"),
    IsADirectoryError: ("this is a folder", "name the files in it"),
    PermissionError: ("there is no right to read this file", "ask its owner, or change its rights"),
}


def read_bytes(path: Path) -> bytes:
    """The bytes of the file at `path`.

    :raises InputError: if there is no such file, or no right to read it.
    """
    try:
        return path.read_bytes()
    except OSError as exc:
        unknown = f"the file cannot be read: {exc.strerror or exc}", ""
        raise InputError.at(Place(str(path)), *_UNREADABLE.get(type(exc), unknown)) from exc


def check_is_file(path: Path) -> None:
    """Refuse a pipe or a device, which cannot be read twice; what is not there at all is left to be read.

    :raises InputError: if it is one.
    """
    if not path.is_file() and path.exists() and not path.is_dir():
        raise InputError.at(Place(str(path)), "this is a pipe or a device", "write it to a file first")


def check_kind(path: Path) -> None:
    """Refuse a file whose head shows that all of it is compressed, or in an encoding of whole words.

    :raises InputError: with what it is.
    """
    if not path.is_file():
        return
    try:
        with path.open("rb") as file:
            head = file.read(HEAD)
    except OSError:
        return  # who reads it says so
    if _CONTROL.search(head) and (kind := _other_kind(head)):
        raise InputError.at(Place(str(path)), *kind)


def decode(data: bytes, path: str = "") -> str:
    """The text of a UTF-8 file, without a byte order mark.

    :raises InputError: if it is in another encoding or no text at all; it is said which.

    >>> decode(b"\\xef\\xbb\\xbfS\\xc3\\xb8r")
    'Sør'
    >>> decode("Sør".encode("latin-1"), "a.ttl")
    Traceback (most recent call last):
    kg.errors.InputError: a.ttl:1:2: byte 0xF8 is not UTF-8: the file looks like Latin-1; save it as UTF-8
    """
    if kind := _other_kind(data):
        raise InputError.at(Place(path), *kind)
    data = data.removeprefix(codecs.BOM_UTF8)
    try:
        text = data.decode()
    except UnicodeDecodeError as exc:
        place = _after(data[: exc.start].decode(), path)
        raise InputError.at(place, *_bad_byte(data, exc.start)) from exc
    if "\0" in text:
        raise InputError.at(_after(text[: text.index("\0")], path), *_NO_TEXT)
    return text


def _after(before: str, path: str) -> Place:
    from kg.formats.wording import place_after

    return place_after(before, path)


def _other_kind(data: bytes) -> tuple[str, str] | None:
    """What a file is that shows by its bytes to be no UTF-8, and what to do."""
    for start, name in _BOMS:
        if data.startswith(start):
            return f"the file looks like {name}", _AS_UTF8
    if data.startswith((b"\x1f\x8b", b"PK\x03\x04")):
        return "the file is compressed", "unpack it first"
    if b"\0" in data and max(data[0::2].count(0), data[1::2].count(0)) > len(data) // 4:
        return "the file looks like UTF-16", _AS_UTF8
    return None


def _bad_byte(data: bytes, at: int) -> tuple[str, str]:
    """What a byte that is not UTF-8 says of the file, and what to do."""
    if len(_CONTROL.findall(data)) > len(data) // 50:
        return _NO_TEXT
    byte = f"byte 0x{data[at]:02X} is not UTF-8"
    if any(ord(char) > 127 for char in data.decode(errors="ignore")):
        return f"{byte}, though other letters of the file are", f"write the letter again, and {_AS_UTF8}"
    name = "Windows-1252" if re.search(rb"[\x80-\x9f]", data) else "Latin-1"
    return f"{byte}: the file looks like {name}", _AS_UTF8
