"""The commands of the project and its peers, and why one cannot be run."""

from __future__ import annotations

import shutil
import sys
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

Command = list[str]
JARS = Path("/usr/share/java")
_NEEDED = (
    "jena-arq", "jena-base", "jena-cmds", "jena-core", "jena-iri", "jena-shacl", "jena-tdb", "jena-tdb2",
    "jena-dboe-base", "jena-dboe-index", "jena-dboe-storage", "jena-dboe-trans-data", "jena-dboe-transaction",
    "jena-rdfconnection", "slf4j-api", "slf4j-nop", "libthrift", "thrift", "commons-cli", "commons-codec",
    "commons-compress", "commons-csv", "commons-io", "commons-lang3", "commons-collections4", "caffeine",
    "guava", "failureaccess", "gson", "protobuf", "jackson-core", "jackson-annotations", "jackson-databind",
    "jsonld-java", "titanium-json-ld", "jsonp", "javax.json", "httpcore", "httpclient", "dexx",
)  # fmt: skip
"""The jars of Debian's Jena and of what it depends on; those that are not there are left out."""


def child(verb: str, *arguments: object) -> Command:
    """A verb of `bench.children`."""
    return [sys.executable, "-m", "bench.children", verb, *map(str, arguments)]


def script(name: str, module: str) -> Command:
    """A console script beside this Python, else its module."""
    path = Path(sys.executable).parent / name
    return [str(path)] if path.exists() else [sys.executable, "-m", module]


def kg(*arguments: object) -> Command:
    """A command of the project."""
    return [*script("kg", "kg"), *map(str, arguments)]


@dataclass(frozen=True)
class Validator:
    """An engine of SHACL: its command for data, shapes and the file of its report, and the form of that.

    `lacks` says what keeps it from being run here, or "". A report of form `ttl` may be what it prints.
    """

    name: str
    command: Callable[[Path, Path, Path], Command]
    form: str
    lacks: str = ""
    prints: bool = False


def validators(work: Path) -> dict[str, Validator]:
    """The project and its peers, by name."""
    return {
        "kg": Validator("kg", _kg, "kg"),
        "pyshacl": Validator("pySHACL", _pyshacl, "ttl", _lacks("pyshacl")),
        "pyrudof": Validator("pyrudof", _pyrudof, "tsv", _lacks("pyrudof")),
        "jena": Validator("Jena", lambda d, s, _: _jena(work, d, s), "ttl", _lacks_jena(), prints=True),
    }


def _lacks(module: str) -> str:
    return "" if find_spec(module) else f"{module} is not installed: pip install -e .[bench]"


def _lacks_jena() -> str:
    if not shutil.which("java"):
        return "there is no java here"
    return "" if (JARS / "jena-shacl.jar").exists() else "not installed: apt-get install libapache-jena-java"


def _kg(data: Path, shapes: Path, report: Path) -> Command:
    return kg("validate", data, "--shapes", shapes, "-o", report.with_suffix(".jsonl"))


def _pyshacl(data: Path, shapes: Path, report: Path) -> Command:
    known = ("-df", "nt", "-sf", "turtle", "-f", "turtle", "-o", str(report))
    return [*script("pyshacl", "pyshacl"), "-s", str(shapes), *known, str(data)]


def _pyrudof(data: Path, shapes: Path, report: Path) -> Command:
    return child("validate-pyrudof", data, shapes, report)


def _jena(work: Path, data: Path, shapes: Path) -> Command:
    """Debian's jar renames the packages of Xerces but not the paths at which it looks for their texts."""
    texts = work / "jena"
    if not texts.exists():
        _unpack(JARS / "jena-core.jar", "org/apache/jena/ext/xerces/", texts / "xerces")
    jars = [str(JARS / f"{name}.jar") for name in _NEEDED if (JARS / f"{name}.jar").exists()]
    path = ":".join([str(texts), *jars])
    return ["java", "-cp", path, "shacl.shacl_validate", "--shapes", str(shapes), "--data", str(data)]


def _unpack(jar: Path, prefix: str, folder: Path) -> None:
    with zipfile.ZipFile(jar) as archive:
        for name in archive.namelist():
            if name.startswith(prefix) and name.endswith(".properties"):
                to = folder / name.removeprefix(prefix)
                to.parent.mkdir(parents=True, exist_ok=True)
                to.write_bytes(archive.read(name))
