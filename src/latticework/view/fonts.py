"""The Chinese glyphs that the page needs, for machines that have none."""

from __future__ import annotations

from io import BytesIO

FIRST_GLYPH = 0x2E80
"""CJK letters and punctuation begin here; the rest every machine has."""


def chinese(text: str) -> bytes:
    """A WOFF font with the Chinese glyphs in ``text``; nothing where the font is not installed.

    A subset of Noto Sans SC (SIL Open Font License 1.1) from the installed font package; without
    that the page relies on the fonts of the machine.
    """
    try:
        from pylopdf_fonts_zh_cn import sans_path
    except ImportError:
        return b""
    from fontTools import subset

    wanted = {ord(char) for char in text if ord(char) >= FIRST_GLYPH}
    options = subset.Options(
        flavor="woff",
        hinting=False,
        layout_features=[],
        name_IDs=[0, 1, 2, 13, 14],
        notdef_outline=True,
        recalc_timestamp=False,
    )
    font = subset.load_font(sans_path(), options)
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=wanted)
    cutter.subset(font)
    made = BytesIO()
    subset.save_font(font, made, options)
    return made.getvalue()


def rule(address: str) -> str:
    """The style rule that names the font at an address."""
    return (
        "/* Noto Sans SC, (c) Adobe and Google, SIL Open Font License 1.1, a subset */\n"
        '@font-face { font-family: "Page Han"; font-display: block; '
        f'src: url("{address}") format("woff"); }}\n'
    )
