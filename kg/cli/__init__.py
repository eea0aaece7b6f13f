"""The command line: `kg VERB`. Each command parses, calls the library, prints and exits."""

from kg.cli.main import main

__all__ = ["main"]
