"""How processes end for want of memory: the code that says so, and how many the system has ended.

It is loaded before anything else, and loads nothing that Python has not loaded by then.
"""

import os

SHORT = 71
"""What the process that works exits with where it could not even say that memory is short."""

SYSTEM_NAME = os.uname().sysname if hasattr(os, "uname") else ""


def oom_kills() -> int:
    """How many processes the system has ended for want of memory; 0 where it does not tell."""
    try:
        with open("/proc/vmstat", "rb") as file:  # noqa: PTH123 - pathlib takes longer to load than this
            found = [line for line in file if line.startswith(b"oom_kill ")]
    except OSError:
        return 0
    return int(found[0].split()[1]) if found else 0
