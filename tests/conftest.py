"""What many tests need: the graph of the five cases, assembled once for each process."""

from __future__ import annotations

import os

import pytest
import whole
from bees import bees, built_bees, own  # noqa: F401 - fixtures
from hypothesis import settings
from pyoxigraph import Store

from kg.build import Graph

# a busy machine is no fault of the code; in CI the same examples each time, at a desk new ones
settings.register_profile("desk", deadline=None)
settings.register_profile("ci", deadline=None, derandomize=True)
settings.load_profile("ci" if os.environ.get("CI") else "desk")


@pytest.fixture(scope="session")
def graph() -> Graph:
    """The graph of this workspace: asserted and inferred, nothing left out."""
    return whole.graph()


@pytest.fixture(scope="session")
def store() -> Store:
    """A store with all quads of that graph."""
    return whole.store()
