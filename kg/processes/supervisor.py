"""A command works in a process of its own, and the one that was started waits for it.

So there is somebody to tell how it ended: the libraries below end a process where memory runs short
(SIGABRT), and so does the system (SIGKILL); neither gives it a chance to say anything, and both leave behind
what was half written. The one that waits does nothing but pass signals on and exit as the other did.

This is forked before anything is loaded, and loads nothing that `kg` has not loaded by then: 1 to 2 ms.
"""

import os
import signal
import sys

from kg.processes.endings import SHORT, SYSTEM_NAME, oom_kills

TYPE_CHECKING = False
if TYPE_CHECKING:
    from resource import struct_rusage
    from typing import NoReturn

ALONE = frozenset({"init", "lsp", "new", "schema"})
"""The commands that load no graph, or are themselves for another program to wait for."""

_TOLD_MOST = 65_536

_waited_for = False


def waiting() -> bool:
    """Whether this is the process that works, and another waits for it."""
    return _waited_for


def supervise(args: list[str]) -> None:
    """Return in a new process, which is to do the work; this one exits as that does. On Linux, else at once.

    What libraries write to file 2 by themselves (panics, `terminate called …`) is set aside in the new
    process, and told by this one where it is not about memory; `sys.stderr` stays what it was.
    """
    if SYSTEM_NAME != "Linux" or not _wanted(args):
        return
    try:
        noted, said = os.memfd_create("kg"), os.memfd_create("kg", os.MFD_CLOEXEC)
    except OSError:
        return
    alive, held = os.pipe()
    passed = _passed()
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)  # whoever started this may have ignored it
    before = signal.pthread_sigmask(signal.SIG_BLOCK, passed | {signal.SIGCHLD})
    _flush()
    try:
        worker = os.fork()
    except OSError:  # no process to be had: it goes without
        worker = 0
    else:
        if worker:
            os.close(alive)
            _wait(worker, passed, noted, said)
        os.close(held)
        _begin(alive, noted, said)
    signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _wanted(args: list[str]) -> bool:
    """Whether the command loads data, and nobody follows this process step by step."""
    threads = sys.modules.get("threading")
    if sys.gettrace() or sys.getprofile() or (threads and threads.active_count() > 1):
        return False
    return not ALONE.intersection(args) and any(not arg.startswith("-") for arg in args)


def _passed() -> "set[signal.Signals]":
    """The signals that are passed on: not those that whoever started this has it ignore (`nohup`, `&`)."""
    every = {signal.SIGHUP, signal.SIGINT, signal.SIGQUIT, signal.SIGTERM, signal.SIGUSR1, signal.SIGUSR2}
    return {each for each in every if signal.getsignal(each) != signal.SIG_IGN}


def _flush() -> None:
    for stream in (sys.stdout, sys.stderr):
        if stream is not None:
            stream.flush()


# --- the process that works


def give_up(exc: BaseException) -> None:
    """Exit, and have it said, if memory is too short to load the command line or to say so; else return."""
    try:
        from kg.processes import shortage

        if not shortage.is_meant(exc):
            return
        if not _waited_for:
            os.write(2, shortage.as_error(shortage.told()).encode())
            os._exit(3)
    except (ImportError, MemoryError, OSError, SystemError):
        pass
    os._exit(SHORT if _waited_for else 3)


def _begin(alive: int, noted: int, said: int) -> None:
    """Make this process end with the one that waits, note what it does, and set aside what libraries say."""
    global _waited_for
    _waited_for = True
    from kg.processes import lifeline, underway

    lifeline.hold(alive)
    underway.note_in(noted)
    old = sys.stderr
    if old is not None and old.fileno() == 2:
        own = os.dup(2)
        os.dup2(said, 2, inheritable=True)
        sys.stderr = open(own, "w", 1, old.encoding, old.errors)  # noqa: SIM115, PTH123 - to the end
        setattr(sys, "__stderr__", sys.stderr)  # noqa: B010 - which is final for others
    if "KG_DEBUG" not in os.environ:
        os.environ["RUST_BACKTRACE"] = "0"  # without memory, writing one may never end
    os.close(said)


# --- the process that waits


def _wait(worker: int, passed: "set[signal.Signals]", noted: int, said: int) -> "NoReturn":
    """Pass on signals until the worker has ended, and end as it did."""
    kills = oom_kills()
    while True:
        got = signal.sigwaitinfo(passed | {signal.SIGCHLD})
        if got.si_signo == signal.SIGCHLD:
            ended, status, usage = os.wait4(worker, os.WNOHANG)
            if ended:
                _end(status, usage, noted, said, sure=oom_kills() > kills)
        elif got.si_code <= 0:  # from a process: a terminal sends its own (Ctrl-C) to both
            os.kill(worker, got.si_signo)


def _end(status: int, usage: "struct_rusage", noted: int, said: int, *, sure: bool) -> "NoReturn":
    code = os.waitstatus_to_exitcode(status)
    if code >= 0 and code != SHORT and not os.fstat(said).st_size:
        os._exit(code)
    from kg.processes import shortage, underway

    words = os.pread(said, _TOLD_MOST, max(os.fstat(said).st_size - _TOLD_MOST, 0)).decode(errors="replace")
    step, unfinished = underway.read(noted)
    if code < 0:
        _remove(unfinished)
    ending = shortage.Ending(code, words, step, usage.ru_maxrss * 1024, sure=sure)
    told, code = shortage.of_worker(ending)
    try:
        if os.environ.get("KG_DEBUG") or not (told or shortage.is_about_memory(words)):
            os.write(2, words.encode())
        if told:
            os.write(2, shortage.as_error(told).encode())
    except OSError:  # nobody listens
        pass
    if code < 0:
        _die(-code)
    os._exit(code)


def _remove(paths: list[str]) -> None:
    """Give back the room of what the worker did not finish."""
    if paths:
        import shutil
    for path in paths:
        try:
            os.unlink(path)  # noqa: PTH108
        except OSError:
            shutil.rmtree(path, ignore_errors=True)


def _die(number: int) -> "NoReturn":
    """End by the signal that the worker has ended by, so that whoever waits sees the same."""
    import resource

    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # the worker has left one, if any was wanted
    if number not in (signal.SIGKILL, signal.SIGSTOP):
        signal.signal(number, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {number})
    os.kill(os.getpid(), number)
    os._exit(128 + number)  # the first process of a container is not ended by signals
