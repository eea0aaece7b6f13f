"""What many tests need: the graph of the five cases, assembled once for each process."""

from __future__ import annotations

import pytest
import whole
from bees import bees, built_bees, own  # noqa: F401 - fixtures
from pyoxigraph import Store

from kg.build import Graph


@pytest.fixture(scope="session")
def graph() -> Graph:
    """The graph of this workspace: asserted and inferred, nothing left out."""
    return whole.graph()


@pytest.fixture(scope="session")
def store() -> Store:
    """A store with all quads of that graph."""
    return whole.store()
