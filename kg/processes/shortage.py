"""Memory that runs short: whether that is what has happened, how much there may be, and what is said of it.

Python raises MemoryError; the libraries below it end the process (SIGABRT); the system ends it where a
control group or the whole machine has no more (SIGKILL).
"""

from __future__ import annotations

import errno
import os
import re
import signal
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from kg.processes import underway
from kg.processes.endings import SHORT, SYSTEM_NAME

SYSTEM = Path("/")
"""Where `proc` and `sys` are."""

UNLOADED = 127
"""What the system's loader exits with where it cannot load a library."""

KEPT = "the last good build is kept"

_MEMORY = re.compile(
    r"memory allocation of|bad_alloc|[Cc]annot allocate memory|mmap .*failed|failed to map segment"
    r"|error while loading shared libraries|MemoryError|PyObject pointer is null|out of memory"
)
_THREAD = re.compile(r"Resource temporarily unavailable|failed to spawn thread|can't start new thread")
_CRASHES = frozenset({"SIGSEGV", "SIGBUS", "SIGILL", "SIGFPE", "SIGTRAP", "SIGSYS"})

TAKES = {".jsonl": 35.0, ".nt": 1.3, ".nq": 1.3}
"""Bytes of memory for a byte of a file, at least: half of what was measured at a million triples."""

ADVICE = {
    "starting": "",
    "reading": "read fewer cases or files at once",
    "inferring": "take fewer cases at once",
    "checking": "check fewer files at once; a graph can be built without the shapes (kg build --no-validate)",
    "asking": "ask for less: by LIMIT, or by a parameter of the question",
    "writing": "write a part of it: kg export --case, --asserted, --inferred",
}
"""By the first word of a step: what asks for less memory."""


class Limit(NamedTuple):
    """How many bytes there may be, what says so, and how it is raised."""

    size: int
    name: str
    remedy: str


class Ending(NamedTuple):
    """How a process ended: its exit code or minus its signal, what libraries wrote, its step.

    `peak`: the most bytes that it had; 0 if unknown. `sure`: the system has ended a process for want of
    memory meanwhile.
    """

    code: int
    words: str
    step: str
    peak: int
    sure: bool = False


# --- how much there may be


def address_space() -> Limit | None:
    """The limit of the process's address space, if it has one (`ulimit -v`)."""
    with suppress(ImportError, OSError):
        import resource

        size, _ = resource.getrlimit(resource.RLIMIT_AS)
        if size != resource.RLIM_INFINITY:
            name = "of address space (ulimit -v), in which what is only reserved counts too"
            return Limit(size, name, "ulimit -v unlimited")
    return None


def control_group(system: Path = SYSTEM) -> Limit | None:
    """The least limit of the control groups that the process is in, if one has any: of either version."""
    sizes = list(_group_sizes(system))
    if not sizes:
        return None
    size, name = min(sizes)
    return Limit(size, f"of the container or service ({name})", "a larger limit of the container or service")


def _group_sizes(system: Path) -> Iterator[tuple[int, str]]:
    try:
        lines = (system / "proc/self/cgroup").read_text().splitlines()
    except (OSError, ValueError):
        return
    mounted = system / "sys/fs/cgroup"
    for line in lines:
        roots: tuple[Path, ...]
        _, controllers, path = (*line.split(":", 2), "", "")[:3]
        if controllers == "":
            roots, name = (mounted, mounted / "unified"), "memory.max"
        elif "memory" in controllers.split(","):
            roots, name = (mounted / "memory",), "memory.limit_in_bytes"
        else:
            continue
        for root in roots:
            folder = root / path.lstrip("/")
            for each in (folder, *folder.parents):
                if not each.is_relative_to(root):
                    break
                with suppress(OSError, ValueError):  # “max” is no number
                    if (size := int((each / name).read_text())) < 1 << 60:
                        yield size, name


def machine() -> Limit | None:
    """The memory of the machine, where the system tells."""
    with suppress(AttributeError, ValueError, OSError):
        size = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
        if size > 0:
            return Limit(size, "of the whole machine", "a machine with more")
    return None


def peak(kind: str = "RUSAGE_SELF") -> int:
    """The most bytes that this process, or with RUSAGE_CHILDREN one it has waited for, had; 0 if unknown."""
    try:
        import resource
    except ImportError:
        return 0
    found = resource.getrusage(getattr(resource, kind)).ru_maxrss
    return found if SYSTEM_NAME == "Darwin" else found * 1024


# --- whether it has run short


def is_meant(exc: BaseException) -> bool:
    """Whether an exception says that memory is short, of whatever library it is.

    >>> is_meant(MemoryError()), is_meant(OSError(errno.ENOMEM, "")), is_meant(ValueError("memory"))
    (True, True, False)
    """
    if isinstance(exc, MemoryError) or (isinstance(exc, OSError) and exc.errno == errno.ENOMEM):
        return True
    if isinstance(exc, ImportError | RuntimeError | OSError) or type(exc).__name__ == "PanicException":
        return is_about_memory(str(exc))
    # What Python says where something below it could not even make an exception.
    return isinstance(exc, SystemError) and "without" in str(exc) and "exception" in str(exc)


def is_about_memory(words: str) -> bool:
    """Whether what libraries write says that there was no memory, or no thread.

    >>> is_about_memory("memory allocation of 512 bytes failed"), is_about_memory("a warning")
    (True, False)
    """
    return bool(_MEMORY.search(words) or _THREAD.search(words))


# --- what is said


def told() -> str:
    """What is said where this process was refused memory and goes on to say so."""
    return _sentence("the process", "was refused more", underway.now(), peak(), address_space())


def of_worker(end: Ending) -> tuple[str, int]:
    """What is said of a process that did the work of this one and has ended, and what to exit with.

    Nothing, where it said itself what there was to say, or was ended by somebody's signal.
    """
    if end.code == SHORT or (end.code == UNLOADED and is_about_memory(end.words)):
        return _sentence("the process", "was refused more", end.step, end.peak, address_space()), 3
    if end.code >= 0 or _late():
        return "", end.code
    name = _name(end.code)
    if name == "SIGKILL":
        return _killed("the process", end), 3
    if name not in {"SIGABRT", *_CRASHES}:
        return "", end.code
    if address_space() or control_group() or is_about_memory(end.words):
        return _refused("the process", end), 3
    last = next((line for line in reversed(end.words.splitlines()) if line.strip()), "")
    why = f" ({last.strip()})" if last else ""
    what = f"a bug of kg or of a library: it was ended by {name} while {end.step}{why}; {KEPT}"
    return f"{what}; run it again with KG_DEBUG=1 for the details, and please report it", 70


def counted() -> int:
    """The bytes that the system counts as had by a process that is started now, before it has any."""
    return max(peak(), peak("RUSAGE_CHILDREN"))


def of_helper(who: str, code: int, before: int, *, sure: bool = False) -> str:
    """What is said of a process beside this one that ended before it was done: “the process that …”.

    `before`: what was `counted` when it was started; no more than that tells nothing of it.
    """
    had = peak("RUSAGE_CHILDREN")
    end = Ending(code, "", underway.now(), had if had > before else 0, sure)
    if code == SHORT or _name(code) in {"SIGABRT", *_CRASHES}:
        return _refused(who, end)
    if _name(code) == "SIGKILL":
        return _killed(who, end)
    how = f"was ended by {_name(code)}" if code < 0 else f"has ended with {code}"
    return f"{who} {how} while {end.step}, before it was done; {KEPT}"


def foreseen(paths: Iterable[Path]) -> str:
    """A warning, if there may plainly be less memory than what is said in the files takes; else nothing."""
    limits = [limit for limit in (address_space(), control_group()) if limit]
    return _foreseen(paths, min(limits)) if limits else ""


def _foreseen(paths: Iterable[Path], limit: Limit) -> str:
    least = 0.0
    for path in paths:
        with suppress(OSError):  # that it is not there is told by whoever reads it
            least += path.stat().st_size * TAKES.get(path.suffix, 1)
    if least <= limit.size:
        return ""
    what = f"this takes {amount(round(least))} or more, and the limit is {amount(limit.size)} {limit.name}"
    return f"memory may run short: {what}"


def as_error(text: str) -> str:
    """A line of an error, coloured where a person reads it on a terminal."""
    colour = os.isatty(2) and not os.environ.get("NO_COLOR")
    return ("\x1b[31m\x1b[1merror\x1b[0m " if colour else "error ") + text + "\n"


def amount(size: int) -> str:
    """Bytes, as a person reads them.

    >>> amount(262_144_000), amount(4_294_967_296)
    ('262 MB', '4.3 GB')
    """
    return f"{size / 1e9:.1f} GB" if size >= 10**9 else f"{size / 1e6:.0f} MB"


def _killed(who: str, end: Ending) -> str:
    limit = control_group() or machine()
    if end.sure:
        return _sentence(who, "was ended by the system (SIGKILL)", end.step, end.peak, limit)
    what = f"{who} was ended from outside (SIGKILL) while {end.step}: by hand, or because memory ran short"
    had = f"it had {amount(end.peak)}" if end.peak else ""
    return "; ".join(filter(None, (what, had, _remedies(end.step, limit), KEPT)))


def _refused(who: str, end: Ending) -> str:
    limit = address_space() or control_group()
    if limit is None and _THREAD.search(end.words) and not _MEMORY.search(end.words):
        had = f": {who} had {amount(end.peak)}" if end.peak else f" by {who}"
        what = f"no thread could be started while {end.step}{had}"
        return f"{what}; raise the limit of processes and threads (ulimit -u, pids.max); {KEPT}"
    return _sentence(who, "was refused more", end.step, end.peak, limit)


def _sentence(who: str, how: str, step: str, had: int, limit: Limit | None) -> str:
    what = f"memory ran short while {step}: {who} {f'had {amount(had)} and ' if had else ''}{how}"
    return "; ".join(filter(None, (what, _remedies(step, limit or control_group() or machine()), KEPT)))


def _remedies(step: str, limit: Limit | None) -> str:
    advice = ADVICE.get(step.split(maxsplit=1)[0], "")
    if limit is None:
        return advice
    ways = " or ".join(filter(None, (f"give it more ({limit.remedy})", advice)))
    return f"the limit is {amount(limit.size)} {limit.name}; {ways}"


def _late() -> bool:
    """Whether it was ended for having taken more time than it may (`ulimit -t`)."""
    with suppress(ImportError, OSError):
        import resource

        limit, _ = resource.getrlimit(resource.RLIMIT_CPU)
        used = resource.getrusage(resource.RUSAGE_CHILDREN)
        return limit != resource.RLIM_INFINITY and used.ru_utime + used.ru_stime >= 0.9 * limit
    return False


def _name(code: int) -> str:
    """The name of the signal that ended a process, or an empty text."""
    try:
        return signal.Signals(-code).name if code < 0 else ""
    except ValueError:
        return f"signal {-code}"
