"""What a stranger gets: the wheel, installed in an empty environment elsewhere, answers with no checkout."""

from __future__ import annotations

import os
import subprocess
import sys
import venv
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
pytestmark = pytest.mark.xdist_group("package")
WANTED = (
    "kg.toml",
    "ontology/core.ttl",
    "ontology/context.jsonld",
    "data/cases/soroe-monday.yaml",
    "data/reference/municipality-dk.csv",
    "queries/questions/champion-network-vendors.rq",
)
HEAVY = ("pandas", "polars", "rdflib", "pyshacl", "owlready2", "networkx", "edtf", "prettytable", "owlrl")


def run(*words: str | Path, cwd: Path, **env: str) -> subprocess.CompletedProcess[str]:
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("PYTHON", "KG_", "COVERAGE"))}
    line = [str(word) for word in words]
    return subprocess.run(line, cwd=cwd, env={**kept, **env}, capture_output=True, text=True, check=False)


@pytest.fixture(scope="session")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("wheel")
    built = run(sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", out, ROOT, cwd=out)
    assert built.returncode == 0, built.stderr
    return next(out.glob("casegraph-*.whl"))


@pytest.fixture(scope="session")
def elsewhere(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("elsewhere")
    venv.create(folder / "env", with_pip=True)
    pip = run(folder / "env/bin/python", "-m", "pip", "install", "--quiet", wheel, cwd=folder)
    assert pip.returncode == 0, pip.stderr
    return folder


def test_the_wheel_carries_ontology_data_queries_and_example_and_no_text_of_others(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    for wanted in WANTED:
        assert f"kg/_data/{wanted}" in names
    assert any(n.startswith("kg/_data/examples/") for n in names)
    assert not [n for n in names if "/tests/" in n or "/build/" in n]


def test_an_installed_kg_answers_with_no_checkout(elsewhere: Path) -> None:
    question = ("query", "champion-network-vendors", "-f", "csv")
    answer = run(elsewhere / "env/bin/kg", *question, cwd=elsewhere, XDG_CACHE_HOME=str(elsewhere / "cache"))
    assert answer.returncode == 0, answer.stderr
    vendors = {line.split(",")[0].rsplit("/", 1)[-1] for line in answer.stdout.splitlines()[1:]}
    assert vendors == {"skill", "netcompany", "aety"}
    assert not list((elsewhere / "env").glob("lib/python*/site-packages/kg/_data/build"))


def test_an_installed_kg_opens_its_graph_in_python(elsewhere: Path) -> None:
    code = "import kg; print(len(kg.open().ask('champion-network-vendors')))"
    cache = {"XDG_CACHE_HOME": str(elsewhere / "cache")}
    said = run(elsewhere / "env/bin/python", "-c", code, cwd=elsewhere, **cache)
    assert (said.stdout, said.stderr) == ("3\n", "")


def test_the_command_has_two_names(elsewhere: Path) -> None:
    commands = [elsewhere / "env/bin/kg", elsewhere / "env/bin/casegraph"]
    versions = {run(command, "--version", cwd=elsewhere).stdout for command in commands}
    assert versions == {"kg, version 0.1.0\n"}


def test_a_core_install_stays_under_100_mb(elsewhere: Path) -> None:
    packages = next((elsewhere / "env").glob("lib/python*/site-packages"))
    brought = ("pip", "setuptools", "_distutils_hack", "pkg_resources")  # by venv itself
    ours = [p for p in packages.rglob("*") if p.is_file() and p.relative_to(packages).parts[0] not in brought]
    size = sum(p.stat().st_size for p in ours if "__pycache__" not in p.parts) / 1e6
    assert 20 < size < 100, f"{size:.0f} MB"
    print(f"{size:.0f} MB")


def test_kg_version_imports_nothing_heavy(elsewhere: Path) -> None:
    code = "import sys; from kg.cli.main import run; run(['--version']); print(*sys.modules)"
    modules = run(elsewhere / "env/bin/python", "-c", code, cwd=elsewhere).stdout.split()
    assert "kg.cli.main" in modules
    assert not [m for m in modules if m.split(".")[0] in HEAVY]
