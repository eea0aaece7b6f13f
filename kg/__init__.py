"""Casegraph: a knowledge graph of case studies, from case files to answers with evidence."""

__version__ = "0.1.0"
