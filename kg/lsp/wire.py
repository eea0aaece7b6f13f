"""Spans, marks, suggestions, hovers and symbols → what the protocol has for them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from lsprotocol import types
from pygls.uris import from_fs_path

from kg.lsp.completion import Sort, Suggestion, Suggestions
from kg.lsp.definition import Target
from kg.lsp.documents import Document
from kg.lsp.findings import Mark
from kg.lsp.hover import Hover
from kg.lsp.outline import Span, Spot, lines
from kg.lsp.positions import UTF16, from_units, to_units
from kg.lsp.symbols import Symbol
from kg.places import Place
from kg.shapes.report import Severity

SOURCE = "kg"
SEVERITIES = {
    Severity.VIOLATION: types.DiagnosticSeverity.Error,
    Severity.WARNING: types.DiagnosticSeverity.Warning,
    Severity.INFO: types.DiagnosticSeverity.Information,
}
KINDS = {
    Sort.KEY: types.CompletionItemKind.Property,
    Sort.CODE: types.CompletionItemKind.EnumMember,
    Sort.CLASS: types.CompletionItemKind.Class,
    Sort.REFERENCE: types.CompletionItemKind.Reference,
    Sort.SOURCE: types.CompletionItemKind.File,
    Sort.LANGUAGE: types.CompletionItemKind.Keyword,
    Sort.VALUE: types.CompletionItemKind.Value,
}
_HOLE = re.compile(r"\$\{\d+:([^}]*)\}|\$\d+")


@dataclass(frozen=True, slots=True)
class Wire:
    """What has been agreed with the editor: how it counts columns, and whether it takes snippets."""

    encoding: str = UTF16
    snippets: bool = False

    def spot(self, document: Document, position: types.Position) -> Spot:
        """Where a position is in the document."""
        return from_units(document.lines, position.line, position.character, self.encoding)

    def range(self, text: Sequence[str], span: Span) -> types.Range:
        """The span in the lines of a text."""
        start, end = (to_units(text, spot, self.encoding) for spot in (span.start, span.end))
        return types.Range(types.Position(*start), types.Position(*end))

    def diagnostic(self, document: Document, mark: Mark) -> types.Diagnostic:
        """What is wrong at a place."""
        return types.Diagnostic(
            range=self.range(document.lines, mark.span),
            message=mark.message,
            severity=SEVERITIES[mark.severity],
            code=mark.rule,
            source=SOURCE,
            related_information=[self._other(document, place, mark.rule) for place in mark.others] or None,
        )

    def _other(self, document: Document, place: Place, rule: str) -> types.DiagnosticRelatedInformation:
        if place.path == str(document.path):
            span, text = document.span_at(place.line, place.column), document.lines
        else:
            spot = Spot(max(place.line - 1, 0), max(place.column - 1, 0))
            span, text = Span(spot, spot), []
        where = types.Location(_uri(place), self.range(text, span))
        return types.DiagnosticRelatedInformation(where, rule)

    def completion(self, document: Document, found: Suggestions) -> types.CompletionList:
        """What may be written."""
        where = self.range(document.lines, found.span)
        items = [self._item(each, where, "" if found.whole else found.typed) for each in found.items]
        return types.CompletionList(is_incomplete=not found.whole, items=items)

    def _item(self, each: Suggestion, where: types.Range, typed: str) -> types.CompletionItem:
        """One item; where it has been chosen by what is `typed`, the editor is to take it as it is."""
        snippet = self.snippets and "$" in each.inserted
        text = each.inserted if snippet else _HOLE.sub(r"\1", each.inserted)
        said = types.MarkupContent(types.MarkupKind.PlainText, each.documentation)
        forms = types.InsertTextFormat
        return types.CompletionItem(
            label=each.label,
            label_details=types.CompletionItemLabelDetails(description=each.detail) if each.detail else None,
            kind=KINDS[each.sort],
            detail=each.detail or None,
            documentation=said if each.documentation else None,
            sort_text=f"{each.rank + 1:05}",
            filter_text=typed or each.search or each.label,
            text_edit=types.TextEdit(where, text),
            insert_text_format=forms.Snippet if snippet else forms.PlainText,
            insert_text_mode=types.InsertTextMode.AdjustIndentation,
        )

    def hover(self, document: Document, found: Hover) -> types.Hover:
        """What is to be said of a word."""
        text = types.MarkupContent(types.MarkupKind.Markdown, found.text)
        return types.Hover(text, self.range(document.lines, found.span))

    def location(self, document: Document, uri: str, target: Target) -> types.Location:
        """Where something is from; `uri` is the document's own."""
        if target.path is None:
            return types.Location(uri, self.range(document.lines, target.span))
        place = Place(str(target.path))
        try:
            text = lines(target.path.read_text(encoding="utf-8", errors="replace"))
        except OSError:
            text = []
        return types.Location(_uri(place), self.range(text, target.span))

    def symbol(self, document: Document, each: Symbol) -> types.DocumentSymbol:
        """A key with those below it."""
        return types.DocumentSymbol(
            name=each.name or "-",
            kind=types.SymbolKind.Object if each.is_node else types.SymbolKind.Property,
            range=self.range(document.lines, each.whole),
            selection_range=self.range(document.lines, each.key),
            detail=each.detail or None,
            children=[self.symbol(document, child) for child in each.children],
        )


def _uri(place: Place) -> str:
    """The URI of the file of a place, wherever the server was started."""
    return str(from_fs_path(str(Path(place.path).absolute())))
