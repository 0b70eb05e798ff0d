"""The pages that ask: the named questions and the editor. What they ask runs in the pool."""

from __future__ import annotations

from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from latticework.catalogue import question
from latticework.errors import LatticeworkError, UnknownName
from latticework.server import asking, editor
from latticework.server.addresses import LANGUAGES
from latticework.server.asking import FORMATS, GRAPH_FORMATS
from latticework.server.pages import Pages, topics
from latticework.server.pool import Answer, Pool
from latticework.server.protocol import refusal
from latticework.server.rendering import language_of
from latticework.server.wording import columns
from latticework.vocabulary import PREFIXES, shorten

LONGEST_NAME = 64
"""Characters of the name by which a running query may be cancelled."""


class Inquiries:
    """Named questions and free queries of a site."""

    def __init__(self, pages: Pages) -> None:
        self.pages, self.site = pages, pages.site
        self.yasqe = editor.is_here()

    def index(self, request: Request) -> Response:
        """All named questions, by subject."""
        return self.site.render(request, "questions.html", topics=topics())

    async def ask(self, request: Request) -> Response:
        """One named question: its form and the answer to it."""
        language = language_of(request)
        try:
            asked = question(request.path_params["name"])
        except UnknownName:
            return self.pages.not_found(request)
        if asked.name != request.path_params["name"]:
            return RedirectResponse(asking.address(language, asked, dict(request.query_params)))
        given = dict(request.query_params)
        problem, sparql, shown, answer, status = None, "", None, None, 200
        try:
            sparql = asking.bound(self.site.store, asked, given)
            form = given.get("format", "")
            form = form if form in FORMATS else "json"
            answer = await pool_of(request).answer(sparql, form, small=True)
        except LatticeworkError as error:
            problem, status = error.in_language(language), status_of(error)
        rows = pool_of(request).limits.rows
        if answer is not None and given.get("format") in FORMATS:
            return _download(answer, asked.name.rpartition("/")[2], given["format"], rows)
        if answer is not None:
            shown = asking.show(self.site.store, answer, language, self.pages.horizon)
        form_fields = asking.fields(self.site.store, asked, given, language)
        return self.site.render(
            request,
            "question.html",
            status,
            asked=asked,
            title=asked.title_zh if language == "zh" else asked.title,
            summary=asked.summary_zh if language == "zh" else asked.summary,
            fields=form_fields,
            shown=shown,
            names=columns()[language],
            problem=problem,
            permalink=asking.address(language, asked, given),
            downloads=[
                (FORMATS[form][0], asking.address(language, asked, given, format=form))
                for form in FORMATS
            ],
            editor=f"/{language}/query?" + urlencode({"query": sparql}) if sparql else "",
            on_the_web=asking.on_the_web(self.site.store, form_fields, language),
        )

    async def query(self, request: Request) -> Response:
        """The editor, and the answer to the query that its address holds."""
        language = language_of(request)
        text = request.query_params.get("query", "")
        form = request.query_params.get("format", "")
        yasqe = self.yasqe and "plain" not in request.query_params
        problem, shown, answer, status = None, None, None, 200
        if text.strip():
            try:
                name = request.query_params.get("name", "")[:LONGEST_NAME]
                answer = await pool_of(request).answer(text, form, name=name)
            except LatticeworkError as error:
                problem, status = error.in_language(language), status_of(error)
        rows = pool_of(request).limits.rows
        if answer is not None and form:
            return _download(answer, "answer", form, rows)
        if answer is not None:
            shown = asking.show(
                self.site.store, answer, language, self.pages.horizon, as_written=True
            )
        offered = GRAPH_FORMATS if shown is not None and shown.text else FORMATS
        page = self.site.render(
            request,
            "query.html",
            status,
            yasqe=yasqe,
            text=text,
            shown=shown,
            problem=problem,
            prefixes=sorted(PREFIXES.items()),
            examples=topics(),
            permalink=f"/{language}/query?" + urlencode({"query": text}),
            downloads=[
                (name, f"/{language}/query?" + urlencode({"query": text, "format": form}))
                for form, (name, _) in offered.items()
            ],
        )
        if yasqe:
            page.headers["Content-Security-Policy"] = editor.POLICY
        return page

    def completions(self, request: Request) -> Response:
        """Prefixes and terms that the editor completes, as JSON: short name, label, what it is."""
        language = request.query_params.get("lang", "en")
        language = language if language in LANGUAGES else "en"
        terms = self.pages.terms(language)
        listed = [[shorten(one.iri), one.name, one.definition] for one in terms]
        return JSONResponse({"prefixes": PREFIXES, "terms": listed})


def pool_of(request: Request) -> Pool:
    """The children that answer queries."""
    pool = request.app.state.pool
    assert isinstance(pool, Pool)
    return pool


def status_of(error: LatticeworkError) -> int:
    """The HTTP status of an error, as the endpoint has it."""
    return refusal(error).status_code


def _download(answer: Answer, name: str, form: str, rows: int) -> Response:
    response = Response(answer.body, media_type=answer.media_type)
    suffix = form if form.isalnum() else "txt"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.{suffix}"'
    if answer.truncated:
        response.headers["X-SPARQL-MaxRows"] = str(rows)
    return response
