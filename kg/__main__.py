"""`kg`, and `python -m kg`: the command line."""

import signal

# Until the command takes over, Ctrl-C ends the process as it ends any other, without a traceback.
signal.signal(signal.SIGINT, signal.SIG_DFL)


def main() -> None:
    """Run the command line and exit."""
    from kg.cli.main import main as run

    signal.signal(signal.SIGINT, signal.default_int_handler)
    run()


if __name__ == "__main__":
    main()
