"""The reference of a workspace as pages of Markdown, each written from what it is the reference of.

```
commands.md, exit-codes.md   the command line itself
rules.md                     the shapes, and what is looked after beside them
terms.md                     the ontology with its code lists, and the context of case files
questions.md                 the headers of the queries
```
The same bytes each time.
"""

from kg.manual.commands import commands, exit_codes
from kg.manual.questions import questions
from kg.manual.rules import rules
from kg.manual.terms import terms

__all__ = ["commands", "exit_codes", "questions", "rules", "terms"]
