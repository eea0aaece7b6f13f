"""Numbers of triples as people write them."""

SUFFIXES = {"k": 1_000, "M": 1_000_000}


def size(text: str) -> int:
    """A number of triples.

    >>> size("100k"), size("2M"), size("5000")
    (100000, 2000000, 5000)
    """
    factor = SUFFIXES.get(text[-1:], 1)
    return round(float(text.rstrip("kM")) * factor)
