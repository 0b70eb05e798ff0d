"""The page itself: pyvis's network in our template, as one file or with its parts beside it."""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from datetime import date
from hashlib import sha256
from importlib.resources import files
from pathlib import Path

from latticework.view import fonts
from latticework.view.told import Edge, Facts, Json

PAGE = Path(str(files("latticework"))) / "page"
SCRIPTS = (
    "text", "view", "web", "beside", "look", "places", "graph", "crowd", "marks", "chart", "time",
    "panel", "evidence", "details", "theory", "debate", "table", "find", "download", "frame",
    "main",
)  # fmt: skip
"""The scripts of the page by job, in the order in which they are joined into one."""
FONT = "han.woff"

VIS_OPTIONS: Json = {
    "physics": {"enabled": False},
    "layout": {"randomSeed": 0, "improvedLayout": False},
    "interaction": {
        "hover": True,
        "dragNodes": False,
        "dragView": False,
        "zoomView": False,
        "selectConnectedEdges": False,
        "hoverConnectedEdges": False,
        "tooltipDelay": 120,
    },
    "nodes": {"shape": "box", "fixed": True, "chosen": False},
    "edges": {"chosen": False, "selectionWidth": 0, "hoverWidth": 0},
}


def inline(told: Facts, blocks: Mapping[str, object]) -> str:
    """The page as one HTML text that loads nothing."""
    script, code, style, font = _parts(told, blocks)
    style = (fonts.rule(_data("font/woff", font)) if font else "") + style
    policy = (
        f"default-src 'none'; script-src {_hashes([script, code])}; style-src {_hashes([style])}; "
        "font-src data:; img-src data:; base-uri 'none'; form-action 'none'"
    )
    return _render(told, blocks, policy=policy, vis=script, code=code, style=style)


def external(
    told: Facts, blocks: Mapping[str, object], base: str, home: str
) -> tuple[str, dict[str, bytes]]:
    """The page as HTML that names its scripts, style and font, and these by their names."""
    script, code, style, font = _parts(told, blocks)
    style = (fonts.rule(FONT) if font else "") + style
    policy = (
        "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; "
        "img-src 'self' data:; base-uri 'none'; form-action 'none'"
    )
    beside = {"vis-network.js": script, "page.js": code, "page.css": style}
    parts = {name: text.encode() for name, text in beside.items()}
    html = _render(told, blocks, policy=policy, base=base, home=home)
    return html, parts | ({FONT: font} if font else {})


def _parts(told: Facts, blocks: Mapping[str, object]) -> tuple[str, str, str, bytes]:
    """The drawing library, our script, our style and the font."""
    from pyvis import network as pyvis  # slow to import

    library = Path(pyvis.__file__).parent / "lib" / "vis-9.1.2" / "vis-network.min.js"
    # The source map would be looked for outside the page.
    script = library.read_text("utf-8").partition("//# sourceMappingURL")[0]
    code = "\n".join((PAGE / f"{name}.js").read_text("utf-8") for name in SCRIPTS)
    style = (PAGE / "page.css").read_text("utf-8")
    words = (PAGE / "ui.json").read_text("utf-8")
    shown = json.dumps([_plain(told), blocks], ensure_ascii=False)
    return script, code, style, fonts.chinese(words + shown)


def _render(told: Facts, blocks: Mapping[str, object], **more: str) -> str:
    from pyvis import network as pyvis

    words = json.loads((PAGE / "ui.json").read_text("utf-8"))
    shown = {name: value for name, value in _plain(told).items() if name != "edges"}
    drawn = pyvis.Network(directed=True)  # an undirected one drops parallel edges silently
    drawn.set_template_dir(str(PAGE))
    drawn.options = VIS_OPTIONS
    for iri, state in told.states.items():
        drawn.add_node(iri, label=state.name.en, x=state.wide[0], y=state.wide[1])
    for edge in told.edges:
        own = _plain(edge)
        drawn.add_edge(own.pop("one"), own.pop("other"), arrows="", **own)
    drawn.templateEnv.policies["json.dumps_kwargs"] = {"ensure_ascii": False, "sort_keys": True}
    drawn.templateEnv.globals.update(
        words=words, facts=shown, blocks=dict(sorted(blocks.items())), **more
    )
    return str(drawn.generate_html())


def _hashes(texts: Iterable[str]) -> str:
    """The texts as a content security policy names them."""
    digests = (b64encode(sha256(text.encode()).digest()).decode() for text in texts)
    return " ".join(f"'sha256-{digest}'" for digest in digests)


def _data(kind: str, content: bytes) -> str:
    return f"data:{kind};base64,{b64encode(content).decode()}"


def _plain(told: Facts | Edge) -> Json:
    """The facts as JSON values: days as ISO text."""
    text = json.dumps(asdict(told), default=date.isoformat, ensure_ascii=False)
    return dict(json.loads(text))
