"""A process that ends with another one, at once and whatever it is doing.

The other holds one end of a pipe. When it ends, however it does, the system closes that end and sends the
process at this end a signal (`O_ASYNC`, `F_SETSIG`): SIGKILL, for which Python has not to be running. That
is Linux's; `prctl` would need ctypes, which takes longer to load than all of this.
"""

import os
import signal

try:
    import fcntl

    _SIGNAL_BY: int | None = fcntl.F_SETSIG
except (ImportError, AttributeError):
    _SIGNAL_BY = None


def hold(file: int) -> None:
    """End when the other end of the pipe `file`, which this process may read, is closed.

    Where the system cannot do that, nothing is done: whoever is started looks after its parent itself.
    """
    if _SIGNAL_BY is None:
        return
    os.set_inheritable(file, False)
    fcntl.fcntl(file, fcntl.F_SETOWN, os.getpid())
    fcntl.fcntl(file, _SIGNAL_BY, signal.SIGKILL)
    fcntl.fcntl(file, fcntl.F_SETFL, fcntl.fcntl(file, fcntl.F_GETFL) | os.O_ASYNC | os.O_NONBLOCK)
    try:
        closed = os.read(file, 1) == b""
    except BlockingIOError:  # it is open, and nothing is ever written
        return
    if closed:
        os.kill(os.getpid(), signal.SIGKILL)
