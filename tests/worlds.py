"""Random dated webs for several test files, and a plain count of pairs to hold the code against."""

from __future__ import annotations

from datetime import date
from itertools import combinations

from hypothesis import strategies as st

from latticework.index import Incidence
from latticework.structure import UNITED_STATES
from test_structure import made

EARLY, LATE = date(1950, 6, 1), date(1990, 6, 1)
STATES = (UNITED_STATES, "v", "w", "x", "y", "z")
LASTING = ("1940-01-01", "1940-01-01", "2000-01-01", None)
STARTING = ("1960-01-01", "1960-01-01", "2000-01-01", None)
ENDING = ("1940-01-01", "1940-01-01", "1970-01-01", "1970-01-01")
UNSURE = ("1945-01-01", "1980-01-01", "2000-01-01", None)

spans = st.sampled_from([LASTING, STARTING, ENDING, UNSURE])
seats = st.dictionaries(st.sampled_from(STATES), spans, min_size=1, max_size=4)


@st.composite
def incidences(draw: st.DrawFn, most: int = 5) -> Incidence:
    """A web with two lasting partners of the hub, so that it has a value, and some more."""
    arrangements = draw(st.lists(seats, min_size=1, max_size=most))
    rows = [
        (state, f"a{number}", *span)
        for number, members in enumerate(arrangements)
        for state, span in sorted(members.items())
    ]
    rows += [(state, f"t-{p}", *LASTING) for p in "vw" for state in (UNITED_STATES, p)]
    return made(rows)  # type: ignore[arg-type]


def members_on(data: Incidence, on: date) -> dict[str, set[str]]:
    """The members that every arrangement certainly has on a day, row by row."""
    found: dict[str, set[str]] = {}
    for i, day in enumerate(data.latest_begin):
        if day <= on.toordinal() <= data.earliest_end[i]:
            name = data.arrangements[data.arrangement[i]]
            found.setdefault(name, set()).add(data.states[data.member[i]])
    return found


def counted(members: dict[str, set[str]], hub: str) -> tuple[float, float, float] | None:
    """Mediated, convened and autonomous share by going through pairs; nothing for k < 2."""
    sets = list(members.values())
    partners = sorted({state for own in sets if hub in own for state in own} - {hub})
    pairs = list(combinations(partners, 2))
    if not pairs:
        return None
    tied = [[own for own in sets if {a, b} <= own] for a, b in pairs]
    autonomous = sum(any(hub not in own for own in one) for one in tied)
    mediated = sum(not one for one in tied)
    return (
        mediated / len(pairs),
        (len(pairs) - mediated - autonomous) / len(pairs),
        autonomous / len(pairs),
    )
