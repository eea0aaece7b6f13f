"""What is collected: the doctests of `kg lsp` only where its extra is installed."""

from importlib.util import find_spec

collect_ignore = [] if find_spec("pygls") else ["kg/lsp/server.py", "kg/lsp/wire.py"]
