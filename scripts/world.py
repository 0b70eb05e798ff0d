"""Make up a world of alliances as a source folder, of the shape of ours and of any size.

    scripts/world.py FOLDER --triples 10000

Two hundred states, one of them a hub that sits in a third of the arrangements; treaties and
cooperation of two to twelve states, dated to the day, the month, the year or not at all; meetings,
topics, claims and perceptions that grow with them; passages under every fact. Nothing in it is
true. The same size and seed give the same bytes, and the folder passes the shapes and the checks.
"""

from __future__ import annotations

import argparse
import hashlib
import sys
from collections import defaultdict
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from random import Random

from latticework.vocabulary import PREFIXES

STATES = 200
HUB = PREFIXES["state"] + "made-up-1"
FIRST, LAST = date(1945, 1, 1), date(2022, 5, 25)
SOURCE = "dct:source source:made-up"

Block = tuple[str, list[str]]
"""A subject, and its predicates each with one object."""


def write_world(folder: Path, triples: int, seed: int = 1) -> int:
    """Write a source folder of at least so many triples, and at most 300 more; return how many."""
    files: dict[str, list[Block]] = defaultdict(list)
    count = 0
    for name, block in blocks(Random(seed)):
        if block is None:
            if count >= triples:
                break
            continue
        files[name].append(block)
        count += len(block[1])
    folder.mkdir(parents=True, exist_ok=True)
    head = "".join(f"@prefix {name}: <{iri}> .\n" for name, iri in PREFIXES.items())
    for name, some in files.items():
        body = "".join(f"\n{s}\n    " + " ;\n    ".join(own) + " .\n" for s, own in some)
        (folder / f"{name}.ttl").write_text(head + body, encoding="utf-8")
    return count


def blocks(random: Random) -> Iterator[tuple[str, Block | None]]:
    """Blocks with the file of each, without end; ``None`` where the world may stop."""
    yield from (("source", block) for block in description())
    for i in range(1, STATES + 1):
        yield "states", (f"state:made-up-{i}", ["a lw:State", *label(f"State {i}", f"国家{i}")])
        yield "states", (f"person:made-up-{i}", ["a lw:Person", *label(f"Envoy {i}", f"使者{i}")])
    number = 0
    while True:
        yield "", None
        number += 1
        yield from arrangement(random, number)


def description() -> Iterator[Block]:
    """The source, what it covers, and the text that it claims to be."""
    layers = ("treatyAlliance", "securityCooperation")
    yield "source:made-up", [
        "a lw:Source", *label("A made-up world, for measuring speed", "虚构世界（供测速）"),
        f'lw:horizon "{LAST}"^^xsd:date', "lw:sourceKind lwc:codedText",
        "lw:textStream stream:made-up", *(f"lw:coverage cov:made-up-{layer}" for layer in layers),
    ]  # fmt: skip
    yield "stream:made-up", [
        "a lw:TextStream", *label("no text", "无文本"), 'lw:normalisation "none"', SOURCE
    ]  # fmt: skip
    for layer in layers:
        yield f"cov:made-up-{layer}", [
            "a lw:Coverage", *label("all of it", "全部"), f"lw:layer lwc:{layer}",
            "lw:coverageDegree lwc:coveredFully", f'lw:begin "{FIRST}"^^edtf:EDTF',
            f'lw:end "{LAST}"^^edtf:EDTF', SOURCE,
        ]  # fmt: skip
    topics = (f"topic:made-up-{i}" for i in range(10))
    for i, topic in enumerate(topics):
        yield (
            topic,
            ["a skos:Concept", *label(f"Topic {i}", f"议题{i}"), "skos:inScheme lwc:topics"],
        )


def arrangement(random: Random, number: int) -> Iterator[tuple[str, Block]]:
    """One arrangement with its members, its meetings, and what is said of it."""
    thing = f"arr:made-up-{number}"
    layer = random.choices(
        ("treatyAlliance", "securityCooperation", "dialogue", "economicInitiative"), (7, 9, 3, 1)
    )[0]
    yield "arrangements", (
        thing,
        [
            "a lw:Arrangement", *label(f"Arrangement {number}", f"安排{number}"),
            f"lw:layer lwc:{layer}",
            f"lw:ofAsiaPacific {random.choice(('true', 'true', 'true', 'false'))}",
            f"lw:status lwc:{'operating' if random.random() < 0.95 else 'neverRealised'}",
        ],
    )  # fmt: skip
    passage = f"psg:made-up-{number}"
    rests_on = [f"lw:evidence {passage}", SOURCE]
    yield from (("passages", block) for block in position(passage, number))
    members = random.sample(range(2, STATES + 1), random.choices(range(2, 13), range(11, 0, -1))[0])
    if random.random() < 1 / 3:
        members[0] = 1
    founded = day(random, FIRST, LAST)
    for member in members:
        name = f"mem:made-up-{number}-{member}"
        begun = founded if random.random() < 0.7 else day(random, founded, LAST)
        dates = [f"lw:begin {written(random, begun)}"]
        if random.random() < 0.1:
            dates = ["lw:unknownBegin lwc:notStated"]
        elif random.random() < 0.4:  # a year or more later, so that no end stands before it
            dates.append(f"lw:end {written(random, min(day(random, begun, LAST) + YEAR, LAST))}")
        role = "prospectiveMember" if random.random() < 0.03 else "ordinaryMember"
        yield "memberships", (
            name,
            [
                "a lw:Membership", f"lw:arrangement {thing}", f"lw:member state:made-up-{member}",
                f"lw:membershipRole lwc:{role}", *dates, *rests_on,
            ],
        )  # fmt: skip
    yield from (("claims", block) for block in sayings(random, number, members, rests_on))
    for meeting in range(random.randrange(3)):
        name = f"{number}-{meeting}"
        held = day(random, founded, LAST)
        yield from (("meetings", b) for b in gathering(random, name, held, members, rests_on))


def position(passage: str, number: int) -> Iterator[Block]:
    """A passage and its place in the text."""
    digest = hashlib.sha256(passage.encode()).hexdigest()
    yield passage, [
        "a lw:Passage", f"oa:hasSelector sel:made-up-{number}", f'lw:sha256 "{digest}"',
        "lw:stream stream:made-up", *gist(number), SOURCE,
    ]  # fmt: skip
    yield f"sel:made-up-{number}", [
        "a oa:TextPositionSelector", f"oa:start {number * 100}", f"oa:end {number * 100 + 90}"
    ]  # fmt: skip


def sayings(random: Random, number: int, states: list[int], rests_on: list[str]) -> Iterator[Block]:
    """A claim about an arrangement, and whom one of its members calls a threat."""
    one, other = (f"state:made-up-{i}" for i in random.sample(states, 2))
    yield f"clm:made-up-{number}", [
        "a lw:Claim", *label(f"Claim {number}", f"主张{number}"), f"lw:about arr:made-up-{number}",
        f"lw:claimKind lwc:{random.choice(('evaluation', 'explanation', 'prediction'))}",
        f"lw:claimant {one}", *gist(number), *rests_on,
    ]  # fmt: skip
    yield f"thr:made-up-{number}", [
        "a lw:ThreatPerception", f"lw:perceiver {one}", f"lw:object {other}", f"lw:sayer {one}",
        f"lw:threatWord lwc:{random.choice(('challenge', 'rival', 'threat'))}", *gist(number),
        *rests_on,
    ]  # fmt: skip


def gathering(
    random: Random, name: str, held: date, states: list[int], rests_on: list[str]
) -> Iterator[Block]:
    """A meeting, who took part in it, and on what."""
    meeting = f"mtg:made-up-{name}"
    yield meeting, [
        "a lw:Meeting", *label(f"Meeting {name}", f"会议{name}"), f'lw:date "{held}"^^edtf:EDTF',
        "lw:eventKind lwc:meetingEvent", "lw:level lwc:ministers", "lw:meetingForm lwc:inPerson",
        *gist(name), *rests_on,
    ]  # fmt: skip
    for state in states[:6]:
        yield f"par:made-up-{name}-{state}", [
            "a lw:Participation", f"lw:actor state:made-up-{state}", f"lw:event {meeting}",
            f"lw:person person:made-up-{state}", "lw:participationRole lwc:participant", *rests_on,
        ]  # fmt: skip
    for topic in random.sample(range(10), 2):
        yield f"agd:made-up-{name}-{topic}", [
            "a lw:AgendaItem", f"lw:event {meeting}", f"lw:topic topic:made-up-{topic}",
            "lw:treatment lwc:discussed", *rests_on,
        ]  # fmt: skip


YEAR = timedelta(days=366)


def day(random: Random, first: date, last: date) -> date:
    """Some day between two, both included."""
    return first + timedelta(days=random.randint(0, (last - first).days))


def written(random: Random, on: date) -> str:
    """A day as sources write it: mostly in full, often only its month or year."""
    length = random.choices((10, 7, 4), (6, 2, 2))[0]
    return f'"{str(on)[:length]}"^^edtf:EDTF'


def label(english: str, chinese: str) -> list[str]:
    """A label in both languages."""
    return [f'rdfs:label "{english}"@en', f'rdfs:label "{chinese}"@zh-Hans']


def gist(what: object) -> list[str]:
    """A paraphrase in both languages."""
    return [f'lw:gist "What is said in {what}."@en', f'lw:gist "{what}所述。"@zh-Hans']


def main() -> int:
    """Write one world."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--triples", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    print(f"wrote {write_world(args.folder, args.triples, args.seed)} triples to {args.folder}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
