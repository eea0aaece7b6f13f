"""What a measurement was made on: no name and no path of it."""

from __future__ import annotations

import os
import platform
from datetime import date
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

LIBRARIES = ("pyoxigraph", "rdflib", "pyshacl", "pyrudof", "owlrl", "reasonable")


def shape() -> dict[str, str]:
    """Day, cores, CPU, memory, system, Python and the versions of the libraries."""
    return {
        "date": date.today().isoformat(),
        "cores": str(os.cpu_count()),
        "cpu": _first("/proc/cpuinfo", "model name") or platform.processor() or platform.machine(),
        "memory": _memory(),
        "system": f"{platform.system()} {platform.machine()}",
        "python": f"{platform.python_implementation()} {platform.python_version()}",
        "libraries": ", ".join(f"{name} {found}" for name in LIBRARIES if (found := _version(name))),
    }


def _first(path: str, key: str) -> str:
    """The first value of a key in a file of lines `key: value`."""
    try:
        lines = Path(path).read_text().splitlines()
    except OSError:
        return ""
    return next((line.partition(":")[2].strip() for line in lines if line.startswith(key)), "")


def _memory() -> str:
    kilobytes = _first("/proc/meminfo", "MemTotal").split()
    return f"{int(kilobytes[0]) / 2**20:.0f} GiB" if kilobytes else "not known"


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return ""
