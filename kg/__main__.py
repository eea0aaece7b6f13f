"""`kg`, and `python -m kg`: the command line."""

import os
import signal
import sys

HEARS = signal.getsignal(signal.SIGINT) != signal.SIG_IGN
"""Whether Ctrl-C is meant for this process: not where a script has started it in its background."""

if HEARS:  # until the command takes over, Ctrl-C ends the process as it ends any other, without a traceback
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def main() -> None:
    """Run the command line and exit."""
    if sys.argv[1:] in (["--version"], ["-V"]) and _version():
        return
    from kg.processes import supervisor

    supervisor.supervise(sys.argv[1:])
    try:
        from kg.cli.main import hear, main as run

        if HEARS:
            signal.signal(signal.SIGINT, hear)
        run()
    except BaseException as exc:
        supervisor.give_up(exc)
        raise


def _version() -> bool:
    """Tell the version without loading what reads a command line; False if nobody listens."""
    from kg import __version__

    try:
        os.write(sys.stdout.fileno(), f"kg, version {__version__}\n".encode())
    except (AttributeError, OSError, ValueError):
        return False
    return True


if __name__ == "__main__":
    main()
