"""Python's regular expressions, on many texts at once: here, or as a program that can be stopped.

As a program it answers each line of stdin by one of stdout, both JSON. It imports nothing of the package,
so that it starts in 20 ms.
"""

import json
import re
import signal
import sys
from collections.abc import Iterable

Part = str | int
"""What a match becomes: a text, or the number of a group."""


def search(pattern: str, flags: int, texts: Iterable[str], parts: list[Part] | None = None) -> list[str]:
    """Each text with what matches as `parts` say; without those, whether it matches: `"1"` or nothing.

    >>> search("(.)c", 0, ["abc", "ab"]), search("(.)c", 0, ["abc"], ["<", 1, ">"])
    (['1', ''], ['a<b>'])
    """
    compiled = re.compile(pattern, flags)
    if parts is None:
        return ["1" if compiled.search(text) else "" for text in texts]

    def filled(match: re.Match[str]) -> str:
        return "".join(part if isinstance(part, str) else match[part] or "" for part in parts)

    return [compiled.sub(filled, text) for text in texts]


def main() -> None:
    """Answer until there are no more questions, each with the seconds that it may take.

    Where that is too long the program ends, also when nobody is there any more to end it.
    """
    for line in sys.stdin:
        seconds, *asked = json.loads(line)
        _end_after(seconds)
        print(json.dumps(search(*asked)), flush=True)
        _end_after(0)


def _end_after(seconds: float) -> None:
    if hasattr(signal, "setitimer"):
        signal.setitimer(signal.ITIMER_REAL, seconds)


if __name__ == "__main__":
    main()
