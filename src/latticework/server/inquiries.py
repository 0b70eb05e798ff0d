"""The pages that ask: the named questions and the editor. What they ask runs in the pool."""

from __future__ import annotations

from urllib.parse import urlencode

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from latticework.catalogue import Question, question
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
        given = dict(request.query_params)
        try:
            asked = question(request.path_params["name"])
        except UnknownName:
            return self.pages.not_found(request)
        if asked.name != request.path_params["name"]:
            return RedirectResponse(asking.address(language_of(request), asked, given))
        form = given.get("format", "") if given.get("format") in FORMATS else ""
        sparql, answer, error = "", None, None
        try:
            sparql = await run_in_threadpool(asking.bound, self.site.store, asked, given)
            answer = await pool_of(request).answer(sparql, form or "json", small=True)
        except LatticeworkError as caught:
            error = caught.with_traceback(None)
        if answer is not None and form:
            return _download(request, answer, asked.name.rpartition("/")[2], form)
        return await run_in_threadpool(self._asked, request, asked, sparql, answer, error)

    def _asked(
        self,
        request: Request,
        asked: Question,
        sparql: str,
        answer: Answer | None,
        error: LatticeworkError | None,
    ) -> Response:
        language, given = language_of(request), dict(request.query_params)
        fields = asking.fields(self.site.store, asked, given, language)
        page = self.site.render(
            request,
            "question.html",
            asked=asked,
            title=asked.title_zh if language == "zh" else asked.title,
            summary=asked.summary_zh if language == "zh" else asked.summary,
            fields=fields,
            shown=self._shown(answer, language),
            names=columns()[language],
            problem=error.in_language(language) if error else "",
            permalink=asking.address(language, asked, given),
            downloads=[
                (name, asking.address(language, asked, given, format=form))
                for form, (name, _) in FORMATS.items()
            ],
            editor=f"/{language}/query?" + urlencode({"query": sparql}) if sparql else "",
            on_the_web=asking.on_the_web(self.site.store, fields, language),
        )
        return _with_status(page, error)

    async def query(self, request: Request) -> Response:
        """The editor, and the answer to the query that its address holds."""
        text, form, name = (
            request.query_params.get(one, "") for one in ("query", "format", "name")
        )
        answer, error = None, None
        try:
            if text.strip():
                answer = await pool_of(request).answer(text, form, name=name[:LONGEST_NAME])
        except LatticeworkError as caught:
            error = caught.with_traceback(None)
        if answer is not None and form:
            return _download(request, answer, "answer", form)
        return await run_in_threadpool(self._edited, request, text, answer, error)

    def _edited(
        self, request: Request, text: str, answer: Answer | None, error: LatticeworkError | None
    ) -> Response:
        language = language_of(request)
        yasqe = self.yasqe and "plain" not in request.query_params
        shown = self._shown(answer, language, as_written=True)
        here = f"/{language}/query?" + urlencode({"query": text})
        page = self.site.render(
            request,
            "query.html",
            yasqe=yasqe,
            text=text,
            shown=shown,
            problem=error.in_language(language) if error else "",
            prefixes=sorted(PREFIXES.items()),
            examples=topics(),
            permalink=here,
            downloads=[
                (name, f"{here}&format={form}")
                for form, (name, _) in (GRAPH_FORMATS if shown and shown.text else FORMATS).items()
            ],
        )
        if yasqe:
            page.headers["Content-Security-Policy"] = editor.POLICY
        return _with_status(page, error)

    def _shown(
        self, answer: Answer | None, language: str, *, as_written: bool = False
    ) -> asking.Shown | None:
        if answer is None:
            return None
        store, horizon = self.site.store, self.pages.horizon
        return asking.show(store, answer, language, horizon, as_written=as_written)

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


def _with_status(page: Response, error: LatticeworkError | None) -> Response:
    """The page with the status that the endpoint gives to an error, and when to come back."""
    if error is not None:
        refused = refusal(error)
        page.status_code = refused.status_code
        if "retry-after" in refused.headers:
            page.headers["Retry-After"] = refused.headers["retry-after"]
    return page


def _download(request: Request, answer: Answer, name: str, form: str) -> Response:
    """An answer as a file; a cut one says so."""
    response = Response(answer.body, media_type=answer.media_type)
    suffix = form if form.isascii() and form.isalnum() else "txt"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.{suffix}"'
    if answer.truncated:
        response.headers["X-SPARQL-MaxRows"] = str(pool_of(request).limits.rows)
    return response
