"""An editor for tests: `kg lsp` as a process of its own, spoken to in JSON-RPC over its stdin and stdout."""

from __future__ import annotations

import json
import os
import queue
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

WAIT = 30.0
"""Seconds until an answer is given up."""


class Editor:
    """One session; `uri` is that of the file which most calls are about."""

    def __init__(self, folder: Path, *args: str, env: dict[str, str] | None = None) -> None:
        kept = {key: value for key, value in os.environ.items() if not key.startswith(("KG_", "COVERAGE"))}
        path = str(Path(__file__).parents[1])
        self.process = subprocess.Popen(
            [sys.executable, "-m", "kg", "lsp", *args],
            cwd=folder, env={**kept, "PYTHONPATH": path, **(env or {})},
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        )  # fmt: skip
        self.uri, self.version = "", 0
        self.told: list[dict[str, Any]] = []
        self.err: list[str] = []
        self._answers: queue.Queue[dict[str, Any] | None] = queue.Queue()
        self._number = 0
        self._readers = [threading.Thread(target=each, daemon=True) for each in (self._read, self._read_err)]
        for reader in self._readers:
            reader.start()

    # --- messages

    def _read(self) -> None:
        out = self.process.stdout
        assert out
        while header := out.readline():
            assert header.startswith(b"Content-"), header
            length = int(header.split(b":")[1]) if header.startswith(b"Content-Length") else 0
            while (line := out.readline()).strip():
                length = int(line.split(b":")[1]) if line.startswith(b"Content-Length") else length
            self._answers.put(json.loads(out.read(length)))
        self._answers.put(None)

    def _read_err(self) -> None:
        assert self.process.stderr
        for line in self.process.stderr:
            self.err.append(line.decode())

    def raw(self, data: bytes) -> None:
        """Write bytes as they are."""
        assert self.process.stdin
        self.process.stdin.write(data)
        self.process.stdin.flush()

    def _send(self, **message: Any) -> None:
        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        self.raw(b"Content-Length: %d\r\n\r\n%b" % (len(body), body))

    def notify(self, method: str, **params: Any) -> None:
        self._send(method=method, params=params)

    def ask(self, method: str, **params: Any) -> Any:
        """The result of a request; notifications that come before it are kept in `told`."""
        self._number += 1
        number = self._number
        self._send(id=number, method=method, params=params or None)
        answer = self._until(lambda message: message.get("id") == number)
        assert "error" not in answer, answer["error"]
        return answer["result"]

    def _until(self, wanted: Callable[[dict[str, Any]], bool], wait: float = WAIT) -> dict[str, Any]:
        end = time.monotonic() + wait
        while True:
            message = self._answers.get(timeout=max(end - time.monotonic(), 0.01))
            assert message is not None, f"the server is gone: {''.join(self.err)}"
            self.told.append(message)
            if wanted(message):
                return message

    # --- a session

    def start(
        self, locale: str = "en", encodings: list[str] | None = None, snippets: bool = True
    ) -> dict[str, Any]:
        item = {"snippetSupport": snippets}
        capabilities: dict[str, Any] = {"textDocument": {"completion": {"completionItem": item}}}
        if encodings:
            capabilities["general"] = {"positionEncodings": encodings}
        found = self.ask("initialize", processId=None, rootUri=None, capabilities=capabilities, locale=locale)
        self.notify("initialized")
        result: dict[str, Any] = found["capabilities"]
        return result

    def open(self, path: Path, text: str | None = None) -> str:
        """Open the file, with `text` if that is not what it holds; its URI."""
        self.uri, self.version = path.as_uri(), 1
        text = path.read_text(encoding="utf-8") if text is None else text
        item = {"uri": self.uri, "languageId": "yaml", "version": 1, "text": text}
        self.notify("textDocument/didOpen", textDocument=item)
        return self.uri

    def close(self) -> None:
        self.notify("textDocument/didClose", textDocument={"uri": self.uri})

    def type(self, text: str) -> None:
        """The open file now holds `text`."""
        self.version += 1
        item = {"uri": self.uri, "version": self.version}
        self.notify("textDocument/didChange", textDocument=item, contentChanges=[{"text": text}])

    def save(self) -> None:
        self.notify("textDocument/didSave", textDocument={"uri": self.uri})

    def findings(
        self, wanted: Callable[[list[dict[str, Any]]], bool] = lambda _: True
    ) -> list[dict[str, Any]]:
        """What is next told of the open file in its present version, and is as wanted."""

        def fits(message: dict[str, Any]) -> bool:
            params = message.get("params", {})
            return (
                message.get("method") == "textDocument/publishDiagnostics"
                and params["uri"] == self.uri
                and params.get("version") == self.version
                and wanted(params["diagnostics"])
            )

        found: list[dict[str, Any]] = self._until(fits)["params"]["diagnostics"]
        return found

    def at(self, feature: str, line: int, character: int) -> Any:
        """The answer of a feature (`hover`, `completion`, …) at a position counted from 0."""
        where = {"line": line, "character": character}
        return self.ask(f"textDocument/{feature}", textDocument={"uri": self.uri}, position=where)

    def end(self) -> int:
        """End as an editor does; the exit code of the process."""
        self.ask("shutdown")
        self.notify("exit")
        return self.wait()

    def wait(self, wait: float = WAIT) -> int:
        code = self.process.wait(wait)
        for reader in self._readers:
            reader.join(wait)
        for stream in (self.process.stdin, self.process.stdout, self.process.stderr):
            assert stream
            stream.close()
        return code

    def kill(self) -> None:
        """End the process, if a test has left it behind."""
        if self.process.poll() is None:
            self.process.kill()
        self.wait()
