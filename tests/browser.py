"""A headless Chromium for the tests, spoken to through its DevTools pipe, and axe within it."""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import signal
from collections.abc import Iterator
from importlib.resources import files
from itertools import count
from pathlib import Path
from select import select as ready
from typing import Any

import pytest

OPTIONS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-extensions",
    "--no-first-run",
    "--proxy-server=127.0.0.1:9",  # nobody listens there: the network is cut, but for loopback
    "--remote-debugging-pipe",
    "--window-size=1366,850",
)
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
LOADED = """new Promise(done => {
  const look = () => document.querySelector("#graph canvas")
    && document.getElementById("date").textContent ? done() : setTimeout(look, 20);
  look();
})"""


class Chromium:
    """A headless Chromium without network, spoken to through its DevTools pipe."""

    def __init__(self, binary: str, profile: Path) -> None:
        (their_in, our_out), (our_in, their_out) = os.pipe(), os.pipe()
        theirs = [fcntl.fcntl(end, fcntl.F_DUPFD_CLOEXEC, 20) for end in (their_in, their_out)]
        silent = os.open(os.devnull, os.O_RDWR)
        self.process = os.posix_spawn(
            binary,
            [binary, *OPTIONS, f"--user-data-dir={profile}", "about:blank"],
            os.environ,
            file_actions=[
                *((os.POSIX_SPAWN_DUP2, silent, end) for end in (0, 1, 2)),
                (os.POSIX_SPAWN_DUP2, theirs[0], 3),
                (os.POSIX_SPAWN_DUP2, theirs[1], 4),
            ],
            setpgroup=0,
        )
        for end in (their_in, their_out, *theirs, silent):
            os.close(end)
        self.ends = (our_in, our_out)
        self.numbers, self.rest = count(1), b""
        self.events: list[dict[str, Any]] = []
        target = next(
            t for t in self.send("Target.getTargets")["targetInfos"] if t["type"] == "page"
        )
        attached = self.send("Target.attachToTarget", targetId=target["targetId"], flatten=True)
        self.session = attached["sessionId"]
        for domain in ("Page", "Runtime", "Log", "Network"):
            self.send(f"{domain}.enable")

    session = ""

    def send(self, method: str, **parameters: Any) -> dict[str, Any]:
        """Call a method and wait for its answer; what happens meanwhile is kept in ``events``."""
        number = next(self.numbers)
        message = {"id": number, "method": method, "params": parameters}
        if self.session:
            message["sessionId"] = self.session
        os.write(self.ends[1], json.dumps(message).encode() + b"\0")
        while True:
            answer = self.receive()
            if answer.get("id") == number:
                assert "error" not in answer, answer
                return dict(answer["result"])
            self.events.append(answer)

    def receive(self) -> dict[str, Any]:
        while b"\0" not in self.rest:
            assert ready([self.ends[0]], [], [], 30)[0], "Chromium does not answer"
            chunk = os.read(self.ends[0], 1 << 20)
            assert chunk, "Chromium has ended"
            self.rest += chunk
        text, _, self.rest = self.rest.partition(b"\0")
        return dict(json.loads(text))

    def run(self, code: str) -> Any:
        """The value of an expression in the page."""
        options = {"returnByValue": True, "awaitPromise": True}
        answer = self.send("Runtime.evaluate", expression=code, **options)
        assert "exceptionDetails" not in answer, answer
        return answer["result"].get("value")

    def press(self, key: str) -> None:
        for kind in ("keyDown", "keyUp"):
            text = {"Enter": "\r", " ": " "}.get(key) if kind == "keyDown" else None
            more = {"text": text} if text else {}
            self.send("Input.dispatchKeyEvent", type=kind, key=key, code=key, **more)

    def open(self, address: str, loaded: str = LOADED) -> None:
        """Go to a page and wait until the promise ``loaded`` is kept there."""
        self.send("Page.navigate", url="about:blank")
        self.send("Page.navigate", url=address)
        self.run(loaded)

    def axe(self) -> list[str]:
        """What axe finds in the page that is serious or critical, by WCAG 2.2 A and AA."""
        code = (files("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8")
        self.send("Runtime.evaluate", expression=code)
        found = self.run(f"axe.run(document, {{runOnly: {json.dumps(WCAG)}}})")
        return [
            f"{finding['id']}: {node['html']}"
            for finding in found["violations"]
            if finding["impact"] in ("serious", "critical")
            for node in finding["nodes"]
        ]

    def size(self, width: int, height: int) -> None:
        """Show the page at this width and height, in CSS pixels."""
        self.send(
            "Emulation.setDeviceMetricsOverride",
            width=width,
            height=height,
            deviceScaleFactor=1,
            mobile=width < 600,
        )

    def complaints(self) -> list[str]:
        """Errors and warnings that the page has caused."""
        kinds = {"Runtime.exceptionThrown", "Runtime.consoleAPICalled", "Log.entryAdded"}
        return [json.dumps(event) for event in self.events if event.get("method") in kinds]

    def requests(self) -> list[str]:
        return [
            event["params"]["request"]["url"]
            for event in self.events
            if event.get("method") == "Network.requestWillBeSent"
        ]

    def close(self) -> None:
        os.killpg(self.process, signal.SIGKILL)
        os.waitpid(self.process, 0)
        for end in self.ends:
            os.close(end)


@pytest.fixture
def chromium(tmp_path: Path) -> Iterator[Chromium]:
    names = ("chromium", "chromium-browser", "google-chrome", "chrome")
    binary = next(filter(None, map(shutil.which, names)), None)
    if binary is None:
        pytest.skip(f"no browser found; looked for {', '.join(names)}")
    browser = Chromium(binary, tmp_path / "profile")
    yield browser
    browser.close()


def text_of(browser: Chromium, selector: str) -> str:
    return str(browser.run(f"document.querySelector({json.dumps(selector)}).textContent"))
