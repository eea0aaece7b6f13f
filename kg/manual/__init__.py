"""The reference of a workspace as pages of Markdown, each written from what it is the reference of.

```
ontology/                    the terms, axioms, shapes and what needs them: see there
reference/commands.md, exit-codes.md   the command line itself
          rules.md           what is looked after beside the shapes
          questions.md       the headers of the queries
```
The same bytes each time.
"""

from kg.manual.commands import commands, exit_codes
from kg.manual.questions import questions
from kg.manual.rules import rules

__all__ = ["commands", "exit_codes", "questions", "rules"]
