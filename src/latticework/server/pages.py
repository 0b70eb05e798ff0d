"""The pages that browse: start, kinds, things, search, vocabulary. All look up, none is asked."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from latticework.catalogue import Question, questions
from latticework.graph import PARAMETER_KINDS
from latticework.resources import folder
from latticework.server import contents, glossary, things
from latticework.server.addresses import iri_at, page
from latticework.server.argument import Argument
from latticework.server.asking import address
from latticework.server.contents import PAPER
from latticework.server.glossary import Term
from latticework.server.rendering import Site, language_of, path_of
from latticework.server.things import Group, named
from latticework.server.timeline import Row, timeline
from latticework.server.wording import words
from latticework.vocabulary import KINDS, LW, ONTOLOGY, PREFIXES, shorten

TOPICS = ("membership", "overlap", "timeline", "meetings", "treaties", "threats", "theory")
"""Folders of questions in the order of the page; what is not named comes after them."""
MOST_FOUND = 200
MOST_MENTIONS = 300
MOST_SUGGESTIONS = 12
ON_A_TIMELINE = ("Membership", "Spell", "Tenure", "Pursuit", "Meeting", "Event", "Milestone")
"""Kinds of facts that a thing's page draws through time."""
NARROWER = {"passage": "psg", "office": "off", "venue": "ven", "event": "mtg"}
"""Parameters that may be any thing, but make sense with one kind of thing."""
PREFIX_OF = {path: prefix for prefix, path in KINDS.items()}


class Pages:
    """The browsing pages of a site."""

    def __init__(self, site: Site, argument: Argument) -> None:
        self.site, self.argument = site, argument
        self.horizon = contents.horizon(site.store)
        self._overview = cache(self._gather)
        self._vocabulary = cache(self._terms)
        self._kind_names = cache(self._names_of_kinds)

    def start(self, request: Request) -> Response:
        """What is here, and the way to everything."""
        language = language_of(request)
        return self.site.render(request, "start.html", **self._overview(language))

    def _gather(self, language: str) -> dict[str, Any]:
        store = self.site.store
        return {
            "kinds": contents.kinds(store, language),
            "sources": contents.sources(store, language),
            "periods": contents.periods(store, language),
            "decades": contents.decades(store),
            "coverage": contents.coverage(store, language),
            "discrepancies": contents.discrepancies(store, language),
            "topics": topics(),
            "paper": PAPER,
        }

    def kind(self, request: Request) -> Response:
        """All things of a kind."""
        language, path = language_of(request), request.path_params["kind"]
        prefix = PREFIX_OF.get(path, "")
        listed = contents.things(self.site.store, prefix, language) if prefix else []
        if not listed:
            return self.not_found(request)
        return self.site.render(
            request, "kind.html", kind=self._kind_name(prefix, language), listed=listed, path=path
        )

    def thing(self, request: Request) -> Response:
        """The page of one thing."""
        language, path = language_of(request), request.path_params["path"]
        iri, store = iri_at(path), self.site.store
        if not things.exists(store, iri):
            return self.not_found(request, path.rpartition("/")[2])
        if fresh := things.replaced_by(store, iri):
            return RedirectResponse(page(fresh, language), 301)
        thing = things.describe(store, iri, language)
        return self.site.render(
            request,
            "thing.html",
            thing=thing,
            groups=[cut(group) for group in thing.groups],
            timeline=timeline(_rows(thing.groups, language), self.horizon),
            questions=_questions_about(iri, language),
            on_the_web=_on_the_web(iri, language),
            argued=self.argument.about(iri, language),
            rule=_rule(iri),
        )

    def search(self, request: Request) -> Response:
        """What fits some words."""
        language = language_of(request)
        text = request.query_params.get("q", "").strip()
        only = request.query_params.get("kind", "")
        found = self.site.index.find(text)
        counts: dict[str, int] = {}
        for one in found:
            counts[one.kind] = counts.get(one.kind, 0) + 1
        chosen = [one for one in found if one.kind == only] if only in counts else found
        results = [
            (
                named(self.site.store, one.iri, language),
                self._kind_name(one.kind, language),
                things.gist(self.site.store, one.iri, language),
            )
            for one in chosen[:MOST_FOUND]
        ]
        return self.site.render(
            request,
            "search.html",
            text=text[:200],
            results=results,
            number=len(chosen),
            kinds=[
                (kind, self._kind_name(kind, language), counts[kind]) for kind in sorted(counts)
            ],
            only=only if only in counts else "",
            near=[] if found or not text else self.site.index.near(text),
        )

    def suggest(self, request: Request) -> Response:
        """Names that fit what has been written so far, as JSON."""
        language = request.query_params.get("lang", "en")
        language = language if language in ("en", "zh") else "en"
        found = self.site.index.find(request.query_params.get("q", ""))
        names = (named(self.site.store, one.iri, language) for one in found[:MOST_SUGGESTIONS])
        listed = [
            {"name": one.text, "short": shorten(one.iri), "address": page(one.iri, language)}
            for one in names
        ]
        return JSONResponse(listed)

    def ontology(self, request: Request) -> Response:
        """The classes and properties, term by term."""
        language = language_of(request)
        return self.site.render(request, "ontology.html", **self._vocabulary(language))

    def _terms(self, language: str) -> dict[str, Any]:
        store = self.site.store
        return {
            "classes": glossary.classes(store, language),
            "properties": glossary.properties(store, language),
            "structures": glossary.structures(store, language),
            "schemes": glossary.schemes(store, language),
            "disjoint": glossary.disjoint(store, language),
            "iri": ONTOLOGY,
        }

    def terms(self, language: str) -> list[Term]:
        """Every term of the vocabulary and of the closed lists."""
        found = self._vocabulary(language)
        values = (one for scheme in found["schemes"] for one in (scheme.term, *scheme.values))
        return [*found["classes"], *found["properties"], *values]

    def concepts(self, request: Request) -> Response:
        """The closed lists, value by value."""
        schemes = self._vocabulary(language_of(request))["schemes"]
        return self.site.render(request, "concepts.html", schemes=schemes)

    def uses(self, request: Request) -> Response:
        """The things that use a term."""
        language = language_of(request)
        prefix, _, local = request.path_params["term"].partition(":")
        iri = PREFIXES[prefix] + local if prefix in ("lw", "lwc") else ""
        if not iri or not things.exists(self.site.store, iri):
            return self.not_found(request, local)
        users = glossary.users(self.site.store, iri, language)
        return self.site.render(
            request,
            "uses.html",
            term=named(self.site.store, iri, language),
            users=users[:MOST_FOUND],
            number=len(users),
        )

    def not_found(self, request: Request, text: str = "") -> Response:
        """A page that says so, and what may have been meant."""
        language = language_of(request)
        words = (text or path_of(request).rpartition("/")[2]).replace("-", " ")
        found = [one.iri for one in self.site.index.find(words)[:5]]
        for name in () if found else self.site.index.near(words):
            found += [one.iri for one in self.site.index.find(name)[:1]]
        return self.site.render(
            request,
            "not_found.html",
            404,
            path=path_of(request)[:200],
            near=[named(self.site.store, iri, language) for iri in found],
        )

    def _kind_name(self, prefix: str, language: str) -> str:
        return self._kind_names(language).get(prefix, prefix)

    def _names_of_kinds(self, language: str) -> dict[str, str]:
        """The name of every kind, by its prefix; of terms that of the page on which they stand."""
        groups = contents.kinds(self.site.store, language).values()
        own = {PREFIX_OF[kind.path]: kind.name for group in groups for kind in group}
        t = words()[language]
        return own | {"lw": t["vocabulary"], "lwc": t["concepts"], "source": t["source"]}


@cache
def topics() -> dict[str, list[Question]]:
    """The named questions by their folder."""
    found: dict[str, list[Question]] = {}
    for asked in questions():
        found.setdefault(asked.name.partition("/")[0], []).append(asked)
    return {name: found.pop(name) for name in TOPICS if name in found} | found


def cut(group: Group) -> tuple[Group, int]:
    """A group with no more mentions than a page can bear, and how many are left out."""
    return Group(group.kind, group.mentions[:MOST_MENTIONS]), max(
        0, len(group.mentions) - MOST_MENTIONS
    )


def _rows(groups: Iterable[Group], language: str) -> list[Row]:
    return [
        Row(one.thing.text, page(one.thing.iri, language), one.begin, one.end, one.dates)
        for group in groups
        if group.kind.iri.removeprefix(LW) in ON_A_TIMELINE
        for one in group.mentions
        if one.dates
    ]


def _questions_about(iri: str, language: str) -> list[tuple[str, str]]:
    """Named questions that can be asked about a thing: title, and address with it filled in."""
    kind = shorten(iri).partition(":")[0]
    found = []
    for asked in (one for own in topics().values() for one in own):
        for name, wanted in asked.parameters:
            kinds = PARAMETER_KINDS.get(wanted, ())
            fits = kind in kinds or (wanted == "thing" and NARROWER.get(name, kind) == kind)
            if fits and kind in KINDS:
                title = asked.title_zh if language == "zh" else asked.title
                found.append((title, address(language, asked, {name: shorten(iri)})))
                break
    return found


def _on_the_web(iri: str, language: str) -> str:
    short = shorten(iri)
    shown = short.startswith(("state:", "arr:"))
    return f"/web#lang={language}&select={short}" if shown else ""


def _rule(iri: str) -> str:
    """The text of a rule, for the page about it."""
    name = iri.removeprefix(ONTOLOGY + "/rules/")
    file = folder("ontology") / "rules" / f"{name}.rq"
    plain = name != iri and name.replace("-", "").isalpha()
    return file.read_text(encoding="utf-8") if plain and file.is_file() else ""
