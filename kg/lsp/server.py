"""The server itself: what an editor asks, and what is told without being asked.

```
opened, changed ─ a short pause ─▶ read ─▶ told ─ a longer pause ─▶ shapes, in a thread ─▶ told
saved           ────────────────▶ read ─▶ told ─────────────────▶ shapes, in a thread ─▶ told
```
A change ends the waiting for what was asked of an older text; a run that has begun is not told.
"""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, BinaryIO, TypeVar, cast

from lsprotocol import types
from pygls.exceptions import FeatureNotificationError, FeatureRequestError
from pygls.lsp.server import LanguageServer
from pygls.uris import to_fs_path

from kg import __version__
from kg.errors import Fault, KGError
from kg.lsp import completion, definition, documents, findings, hover, symbols
from kg.lsp.documents import Document
from kg.lsp.findings import Mark
from kg.lsp.ground import Ground, Stamp, stamped
from kg.lsp.outline import Span, Spot
from kg.lsp.positions import mended
from kg.lsp.wire import Wire
from kg.shapes.report import INPUT, Severity

SHORT, LONG = 0.15, 0.35
"""Seconds of rest before a changed text is read, and then before the shapes judge it."""

LONGEST = 1_000_000
"""How many characters are looked at while they are typed."""

HEAD = b"Content-Length:"

T = TypeVar("T")
Feature = Callable[..., Any]


def serve(only: Path | None = None, lang: str = "") -> int:
    """Serve an editor over stdin and stdout until it ends; the exit code.

    `only`: the workspace to which the files have to belong; else each has its own, the nearest
    upwards. `lang`: the language of messages; else the editor's.
    """
    if signal.getsignal(signal.SIGINT) != signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.SIG_DFL)
    logging.getLogger("pygls").setLevel(logging.DEBUG if os.environ.get("KG_DEBUG") else logging.CRITICAL)
    # Whole texts: pygls splits lines at characters that editors and YAML do not all split at.
    server = _Server("kg", __version__, text_document_sync_kind=types.TextDocumentSyncKind.Full)
    session = Session(server, only.resolve() if only else None, lang)
    for method, options, handler in FEATURES:
        server.feature(method, options)(partial(handler, session))
    with private_stdout() as out:
        server.start_io(cast("BinaryIO", _Inbox(sys.stdin.buffer)), out)
    return session.end()


class _Server(LanguageServer):
    def report_server_error(self, error: Exception, source: Any) -> None:
        """Say in one line what went wrong; the one who asked is told by the protocol."""
        print(f"error {type(error).__name__}: {error}", file=sys.stderr, flush=True)
        if source is not FeatureRequestError:
            what = types.LogMessageParams(types.MessageType.Error, f"{type(error).__name__}: {error}")
            self.window_log_message(what)


class _Inbox:
    """What the editor sends. After a message that is not as long as it says, the next head is found again."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream

    def readline(self) -> bytes:
        """A line of a head; what stands before that is the rest of a message that was cut short."""
        line = self._stream.readline()
        return line[max(line.rfind(HEAD), 0) :]

    def read(self, length: int) -> bytes:
        """A message."""
        return self._stream.read(length)


@contextmanager
def private_stdout() -> Iterator[BinaryIO]:
    """The way to the editor, which nothing else may write to: what is printed goes to stderr."""
    number = sys.stdout.fileno()
    kept = os.dup(number)
    out = os.fdopen(os.dup(number), "wb")
    os.dup2(sys.stderr.fileno(), number)
    try:
        yield out
    finally:
        with suppress(OSError, ValueError):
            out.close()
        sys.stdout.flush()
        os.dup2(kept, number)
        os.close(kept)


@dataclass
class _Open:
    """An open document, with what was last found in it.

    `faults` are of the last text that was YAML to its end, `judged` of the last that could be
    read; each with the lines of that text.
    """

    document: Document
    faults: tuple[tuple[Mark, ...], list[str]] = ((), [])
    judged: tuple[tuple[Mark, ...], list[str]] = ((), [])
    check: asyncio.Task[None] | None = None


@dataclass
class Session:
    """What one editor has open, and what its workspaces know."""

    server: LanguageServer
    only: Path | None = None
    lang: str = ""
    wire: Wire = field(default_factory=Wire)
    _open: dict[str, _Open] = field(default_factory=dict)
    _grounds: dict[Path, Ground] = field(default_factory=dict)
    _refused: dict[Path, Stamp] = field(default_factory=dict)
    _loading: dict[Path, asyncio.Task[None]] = field(default_factory=dict)
    _told: dict[Path, str] = field(default_factory=dict)
    _threads: dict[str, ThreadPoolExecutor] = field(default_factory=dict)
    _jobs: set[Future[Any]] = field(default_factory=set)
    _stopped: bool = False
    _left: bool = False

    # --- the session

    def started(self, params: types.InitializeParams) -> None:
        """Take note of the editor's language and of what it can do."""
        tag = (params.locale or "en").lower().replace("_", "-").split("-")[0]
        self.lang = self.lang or {"no": "nb"}.get(tag, tag)
        text = params.capabilities.text_document
        item = text.completion.completion_item if text and text.completion else None
        encodings = params.capabilities.general and params.capabilities.general.position_encodings
        known = [e for e in encodings or () if e in ("utf-8", "utf-16", "utf-32")]
        self.wire = Wire(
            str(getattr(known[0], "value", known[0])) if known else "utf-16",
            bool(item and item.snippet_support),
        )

    def stopped(self, *_: Any) -> None:
        """The editor asks to end."""
        self._stopped = True
        for each in self._open.values():
            if each.check:
                each.check.cancel()

    def left(self, *_: Any) -> None:
        """The editor is gone."""
        self._left = True

    def end(self) -> int:
        """The exit code: 1 for an editor that left without asking to; a run of the shapes is left behind."""
        code = 1 if self._left and not self._stopped else 0
        for threads in self._threads.values():
            threads.shutdown(wait=False, cancel_futures=True)
        if any(not job.done() for job in self._jobs):
            sys.stderr.flush()
            os._exit(code)
        return code

    # --- documents

    def opened(self, params: types.DidOpenTextDocumentParams) -> None:
        """A document has been opened: look at it at once."""
        item = params.text_document
        self._take(item.uri, item.text, item.version, pause=False)

    def changed(self, params: types.DidChangeTextDocumentParams) -> None:
        """A document has changed: look at it when there is a pause."""
        if params.content_changes:
            item = params.text_document
            self._take(item.uri, params.content_changes[-1].text, item.version, pause=True)

    def saved(self, params: types.DidSaveTextDocumentParams) -> None:
        """A document has been saved: look at it, and at all others, since it may be what they stand on."""
        if params.text_document.uri in self._open:
            for uri in self._open:
                self._look(uri, pause=False)

    def closed(self, params: types.DidCloseTextDocumentParams) -> None:
        """A document has been closed: take back what was told of it."""
        each = self._open.pop(params.text_document.uri, None)
        if each:
            if each.check:
                each.check.cancel()
            self._publish(params.text_document.uri, each.document, ())

    def _take(self, uri: str, text: str, version: int | None, pause: bool) -> None:
        path = to_fs_path(uri)
        document = documents.opened(Path(path), mended(text), version, self.only) if path else None
        if document is None:
            return
        if uri in self._open:
            self._open[uri].document = document
        else:
            self._open[uri] = _Open(document)
        self._look(uri, pause)

    def _look(self, uri: str, pause: bool) -> None:
        each = self._open[uri]
        if each.check:
            each.check.cancel()
        each.check = asyncio.get_running_loop().create_task(self._check(uri, each, pause))

    # --- findings

    async def _check(self, uri: str, each: _Open, pause: bool) -> None:
        """Read the document and let the shapes judge it, and tell after each."""
        try:
            await asyncio.sleep(SHORT if pause else 0)
            await self._check_now(uri, each, pause)
        except KGError as error:
            self._tell(each.document.root, error.faults[0])
        except Exception as error:  # noqa: BLE001 - a bug in a check must not end the editing
            self.server.report_server_error(error, FeatureNotificationError)

    async def _check_now(self, uri: str, each: _Open, pause: bool) -> None:
        document = each.document
        if len(document.text) > LONGEST:
            what = "too long to be checked while it is typed; run kg validate"
            top = Span(Spot(0, 0), Spot(0, len(document.lines[0])))
            self._publish(uri, document, (Mark(top, Severity.INFO, INPUT, what),))
            return
        ground = await self._ground(document.root)
        if ground is None:
            return
        reading = findings.read(document, ground)
        faults = reading.faults
        if reading.whole:
            each.faults = faults, document.lines
        else:
            faults += findings.carried(*each.faults, document.lines)
        self._publish(uri, document, (*faults, *findings.carried(*each.judged, document.lines)))
        if reading.said is None or ground.lost:
            return
        await asyncio.sleep(LONG if pause else 0)
        marks = await self._aside("shapes", findings.judge, reading.said, document, ground, self.lang)
        each.judged = marks, document.lines
        self._publish(uri, document, marks)

    def _publish(self, uri: str, document: Document, marks: tuple[Mark, ...]) -> None:
        in_order = sorted(dict.fromkeys(marks), key=lambda mark: (mark.span.start, mark.rule))
        found = [self.wire.diagnostic(document, mark) for mark in in_order]
        self.server.text_document_publish_diagnostics(
            types.PublishDiagnosticsParams(uri, found, document.version)
        )

    # --- what the workspaces know

    async def _ground(self, root: Path) -> Ground | None:
        """What the workspace at `root` knows, read again if its files have changed.

        While they cannot be read, what they said before; None where that is nothing.
        """
        known = self._grounds.get(root)
        try:
            stamp = stamped(root)
        except KGError as error:
            self._tell(root, error.faults[0])
            return known
        if (known and known.stamp == stamp) or self._refused.get(root) == stamp:
            return known
        if root not in self._loading:
            self._loading[root] = asyncio.create_task(self._load(root, stamp))
        # Whoever waits may be cancelled; the others, and the next one, still want it.
        await asyncio.shield(self._loading[root])
        return self._grounds.get(root)

    async def _load(self, root: Path, stamp: Stamp) -> None:
        try:
            self._grounds[root] = found = await self._aside("ground", Ground.load, root)
            if found.lost:
                self._tell(root, found.lost[0])
        except KGError as error:
            self._refused[root] = stamp
            self._tell(root, error.faults[0])
        finally:
            del self._loading[root]

    def _tell(self, root: Path, fault: Fault) -> None:
        """Show what keeps the files of a workspace from being checked, once."""
        if self._told.get(root) != str(fault):
            self._told[root] = str(fault)
            self.server.window_show_message(types.ShowMessageParams(types.MessageType.Error, str(fault)))

    async def _aside(self, thread: str, job: Callable[..., T], *args: Any) -> T:
        """What `job` gives, which runs in the thread of that name, one at a time."""
        if thread not in self._threads:
            self._threads[thread] = ThreadPoolExecutor(1, thread)
        future: Future[T] = self._threads[thread].submit(job, *args)
        self._jobs = {each for each in self._jobs if not each.done()} | {future}
        return await asyncio.wrap_future(future)

    # --- questions

    async def _asked(self, params: Any, answer: Callable[[Document, Ground], T | None]) -> T | None:
        """The answer on a document that is served; None on all others."""
        each = self._open.get(params.text_document.uri)
        if each is None or len(each.document.text) > LONGEST:
            return None
        ground = await self._ground(each.document.root)
        return answer(each.document, ground) if ground else None

    async def complete(self, params: types.CompletionParams) -> types.CompletionList | None:
        """What may be written here."""

        def answer(document: Document, ground: Ground) -> types.CompletionList | None:
            spot = self.wire.spot(document, params.position)
            found = completion.complete(document.text, spot, ground, document.kind, self.lang)
            return self.wire.completion(document, found) if found else None

        return await self._asked(params, answer)

    async def hover(self, params: types.HoverParams) -> types.Hover | None:
        """What this is."""

        def answer(document: Document, ground: Ground) -> types.Hover | None:
            spot = self.wire.spot(document, params.position)
            found = hover.hover(document.outline, spot, ground, document.kind, self.lang)
            return self.wire.hover(document, found) if found else None

        return await self._asked(params, answer)

    async def define(self, params: types.DefinitionParams) -> types.Location | None:
        """Where this is from."""

        def answer(document: Document, ground: Ground) -> types.Location | None:
            spot = self.wire.spot(document, params.position)
            found = definition.define(document.outline, spot, ground, document.kind)
            return self.wire.location(document, params.text_document.uri, found) if found else None

        return await self._asked(params, answer)

    async def symbols(self, params: types.DocumentSymbolParams) -> list[types.DocumentSymbol] | None:
        """What there is in the document."""

        def answer(document: Document, ground: Ground) -> list[types.DocumentSymbol]:
            found = symbols.symbols(document.outline, ground, document.kind, self.lang)
            return [self.wire.symbol(document, each) for each in found]

        return await self._asked(params, answer)


FEATURES: tuple[tuple[str, Any, Feature], ...] = (
    (types.INITIALIZE, None, Session.started),
    (types.SHUTDOWN, None, Session.stopped),
    (types.EXIT, None, Session.left),
    (types.TEXT_DOCUMENT_DID_OPEN, None, Session.opened),
    (types.TEXT_DOCUMENT_DID_CHANGE, None, Session.changed),
    (types.TEXT_DOCUMENT_DID_SAVE, types.SaveOptions(include_text=False), Session.saved),
    (types.TEXT_DOCUMENT_DID_CLOSE, None, Session.closed),
    (
        types.TEXT_DOCUMENT_COMPLETION,
        types.CompletionOptions(trigger_characters=[" ", "/", "{", "[", ","]),
        Session.complete,
    ),
    (types.TEXT_DOCUMENT_HOVER, None, Session.hover),
    (types.TEXT_DOCUMENT_DEFINITION, None, Session.define),
    (types.TEXT_DOCUMENT_DOCUMENT_SYMBOL, None, Session.symbols),
)
"""What is served: the method of the protocol, its options, and who answers."""
