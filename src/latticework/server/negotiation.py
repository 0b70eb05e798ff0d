"""Which of several forms a client wants most (RFC 9110, sections 12.4.2 and 12.5)."""

from __future__ import annotations

from collections.abc import Sequence


def best(header: str, offered: Sequence[str]) -> str | None:
    """Return the media type that ``Accept`` prefers, the earlier offered among equals.

    ``None`` where the header accepts none of them. An empty header accepts anything; a part that
    cannot be read counts for nothing.
    """
    ranges = _weights(header) if header.strip() else [("*/*", 1.0)]
    found = max(offered, key=lambda media: _quality(media, ranges))
    return found if _quality(found, ranges) > 0 else None


def best_language(header: str, offered: Sequence[str]) -> str:
    """Return the language that ``Accept-Language`` prefers; the first offered where none fits."""
    ranked = sorted(_weights(header), key=lambda pair: -pair[1])
    for tag, weight in ranked:
        primary = tag.partition("-")[0]
        if weight > 0 and primary in offered:
            return primary
    return offered[0]


def _quality(media: str, ranges: Sequence[tuple[str, float]]) -> float:
    """The weight of the most specific range that fits."""
    for wanted in (media, media.partition("/")[0] + "/*", "*/*"):
        weights = [weight for name, weight in ranges if name == wanted]
        if weights:
            return weights[0]
    return 0.0


def _weights(header: str) -> list[tuple[str, float]]:
    found = []
    for part in header.split(",")[:100]:
        name, *parameters = (piece.strip().lower() for piece in part.split(";"))
        weight = next((p[2:] for p in parameters if p.startswith("q=")), "1")
        try:
            found.append((name, min(max(float(weight), 0.0), 1.0)))
        except ValueError:
            continue
    return [(name, weight) for name, weight in found if name and weight == weight]
