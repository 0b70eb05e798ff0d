"""One build: the same bytes every time, or one clear sentence and nothing half written."""

from __future__ import annotations

import errno
import hashlib
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pyoxigraph as ox
import pytest
import rdflib

from conftest import DESCRIPTION, HEAD, ROOT, TESTS, MakeSource, entities, membership
from latticework import export, output
from latticework.build import Built, build
from latticework.cli import main
from latticework.errors import InputError, OutputError, ValidationProblem
from latticework.store import select
from latticework.vocabulary import DERIVED, LW, ONTOLOGY, PREFIXES, shorten

Run = Callable[..., tuple[int, str]]
SECOND = TESTS / "second_source"


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs the command line here; gives its exit code and what it says on standard error."""

    def run(*arguments: object) -> tuple[int, str]:
        monkeypatch.setattr(sys, "argv", ["latticework", *map(str, arguments)])
        code = 0
        try:
            main()
        except SystemExit as ended:
            code = int(ended.code or 0)
        return code, capsys.readouterr().err

    return run


@pytest.fixture
def small_graph(monkeypatch: pytest.MonkeyPatch) -> None:
    """Lets the command line build ``tests/world``, which is quick, not the shipped graph."""
    places = {"graph": TESTS / "world"}
    monkeypatch.setattr("latticework.build.folder", lambda name: places.get(name, ROOT / name))


def state_of(folder: Path) -> dict[str, bytes]:
    """Every file below a folder, with its content."""
    files = (path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): path.read_bytes() for path in files}


def is_one_clear_sentence(text: str) -> bool:
    return text.startswith("latticework: ") and text.count("\n") == 1 and "Traceback" not in text


# The same bytes


def test_build_is_deterministic_to_the_byte() -> None:
    code = (
        "import hashlib; from latticework import export; from latticework.build import build;"
        "b = build(); parts = export.to_turtle(b), export.to_trig(b);"
        "print(*(hashlib.sha256(p.encode()).hexdigest() for p in parts))"
    )
    runs = [
        subprocess.Popen(
            [sys.executable, "-c", code],
            env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": str(ROOT / "src")},
            stdout=subprocess.PIPE,
            text=True,
        )
        for seed in ("1", "2")
    ]
    one, other = (process.communicate()[0] for process in runs)
    assert re.fullmatch(r"[0-9a-f]{64} [0-9a-f]{64}\n", one)
    assert one == other


def test_order_of_the_sources_does_not_matter(make_source: MakeSource) -> None:
    other = DESCRIPTION.replace("tiny", "other")
    one = make_source(entities("xy") + membership("x", "1951"))
    two = make_source(membership("y", "1951", source="other"), name="z", description=other)
    world = TESTS / "world"
    texts = {export.to_trig(build(pair, graph=world)) for pair in ([one, two], [two, one])}
    assert len(texts) == 1


# The same graph for every reader


def canonical(quads: set[ox.Quad]) -> tuple[str, str]:
    """Hashes of the sorted N-Quads and of RDFC-1.0; language tags are in lower case."""
    data = ox.Dataset(quads)
    data.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    plainly, canonically = ("".join(sorted(f"{q} .\n" for q in some)) for some in (quads, data))
    return tuple(hashlib.sha256(text.encode()).hexdigest() for text in (plainly, canonically))


def lower_tags(nquads: str) -> str:
    return re.sub(r'(?<=")@([A-Za-z]+(?:-[A-Za-z0-9]+)+)(?= )', lambda m: m[0].lower(), nquads)


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore::DeprecationWarning:rdflib")
@pytest.mark.parametrize("form", ["turtle", "trig"])
def test_rdflib_and_oxigraph_read_the_same_graph(built: Built, form: str) -> None:
    text = export.to_turtle(built) if form == "turtle" else export.to_trig(built)
    ours = set(ox.parse(text.encode(), format=getattr(ox.RdfFormat, form.upper())))
    data = rdflib.Dataset()
    if form == "turtle":
        data.default_graph.parse(data=text, format=form)
    else:
        data.parse(data=text, format=form)
    lines = lower_tags(data.serialize(format="nquads"))
    theirs = set(ox.parse(lines.encode(), format=ox.RdfFormat.N_QUADS))
    if form == "turtle":
        theirs = {ox.Quad(q.subject, q.predicate, q.object) for q in theirs}
    assert canonical(ours) == canonical(theirs)


def test_exports_hold_every_statement_of_sources_lists_and_rules(built: Built) -> None:
    trig, ttl = ox.Store(), ox.Store()
    trig.bulk_load(export.to_trig(built).encode(), format=ox.RdfFormat.TRIG)
    ttl.bulk_load(export.to_turtle(built).encode(), format=ox.RdfFormat.TURTLE)
    exported = set(trig)
    assert {q for q in built.store if q.graph_name != ox.NamedNode(ONTOLOGY)} <= exported
    assert {q.triple for q in exported} == {q.triple for q in ttl}


# Bad input


def test_malformed_turtle_names_the_place_and_keeps_the_last_result(
    make_source: MakeSource, tmp_path: Path
) -> None:
    """As a user runs it, in a process of its own."""
    folder, out = (
        make_source(entities() + "state:e a lw:State rdfs:label 'e' .\n"),
        tmp_path / "out",
    )
    output.write_folder(out, {"latticework.ttl": b"the last good result"})
    before = state_of(out)
    command = [sys.executable, "-m", "latticework.cli", "build", "--with", folder, "--out", out]
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "src")}
    done = subprocess.run(
        command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False
    )
    line = len((HEAD + entities()).split("\n"))
    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr.startswith(f"latticework: {folder / 'facts.ttl'}:{line}:20: ")
    assert "expected" in done.stderr
    assert is_one_clear_sentence(done.stderr)
    assert state_of(out) == before
    assert sorted(p.name for p in tmp_path.iterdir()) == ["out", "tiny"]


@pytest.mark.usefixtures("small_graph")
@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("1977-02-30", "'1977-02-30' does not exist in the calendar; correct it"),
        ("2021-06-23/2021-06-19", "'2021-06-23/2021-06-19' runs backwards; put the earlier"),
        ("[1953..1950]", "'[1953..1950]' runs backwards; put the earlier date first"),
        ("spring 1951", "'spring 1951' is no date that is understood here; use a day"),
        ("", "'' is no date that is understood here"),
    ],
)
def test_a_date_that_cannot_be_names_its_place(
    make_source: MakeSource, run: Run, tmp_path: Path, text: str, said: str
) -> None:
    fact = membership("a", "1951").replace('"1951"', f'"{text}"')
    folder = make_source(entities() + fact)
    code, error = run("build", "--with", folder, "--out", tmp_path / "out")
    lines = (HEAD + entities() + fact).split("\n")
    line = next(n for n, found in enumerate(lines, 1) if f'"{text}"' in found)
    column = lines[line - 1].index(f'"{text}"') + 1
    assert code == 2
    assert error.startswith(f"latticework: {folder / 'facts.ttl'}:{line}:{column}: mem:a: {said}")
    assert is_one_clear_sentence(error)
    assert not (tmp_path / "out").exists()


@pytest.mark.usefixtures("small_graph")
def test_a_blank_node_is_refused(make_source: MakeSource, run: Run, tmp_path: Path) -> None:
    folder = make_source(entities() + "state:a lw:capital [ a lw:Place ] .\n")
    code, error = run("build", "--with", folder, "--out", tmp_path / "out")
    assert code == 2
    assert f"{folder / 'facts.ttl'}: there is a blank node at " in error
    assert is_one_clear_sentence(error)


@pytest.mark.usefixtures("small_graph")
def test_a_fact_of_another_source_is_refused(
    make_source: MakeSource, run: Run, tmp_path: Path
) -> None:
    fact = entities() + membership("a", "1951")
    folder = make_source(fact.replace("dct:source source:tiny", "dct:source source:paper"))
    code, error = run("build", "--with", folder, "--out", tmp_path / "out")
    assert code == 2
    assert "mem:a names source:paper as its source" in error
    assert is_one_clear_sentence(error)


def bytes_in(make_source: MakeSource, data: bytes) -> Path:
    folder = make_source()
    (folder / "facts.ttl").write_bytes(data)
    return folder


@pytest.mark.parametrize(
    ("prepare", "said"),
    [
        (lambda make: make().parent / "nowhere", "nowhere is no source: it has no source.ttl"),
        (lambda make: make() / "facts.ttl", "facts.ttl is no source: it has no source.ttl"),
        (lambda make: make(description=""), "describes 0 sources; it must describe exactly one"),
        (
            lambda make: make(description=DESCRIPTION + "source:more a lw:Source .\n"),
            "describes 2 sources; it must describe exactly one",
        ),
        (
            lambda make: make(description=DESCRIPTION.replace("source:tiny", "source:paper")),
            "both describe https://w3id.org/latticework/source/paper; rename one",
        ),
        (lambda make: bytes_in(make, "<a> '中' ".encode("gb18030")), "facts.ttl:1:6: not UTF-8"),
        (lambda make: bytes_in(make, b"\x00\x01\x02"), "facts.ttl:1:1: "),
    ],
    ids=["missing", "a file", "no source", "two sources", "same IRI", "GB 18030", "binary"],
)
def test_a_folder_that_is_no_source_is_refused(
    make_source: MakeSource,
    run: Run,
    tmp_path: Path,
    prepare: Callable[[MakeSource], Path],
    said: str,
) -> None:
    code, error = run("build", "--with", prepare(make_source), "--out", tmp_path / "out")
    assert code == 2
    assert said in error
    assert is_one_clear_sentence(error)
    assert not (tmp_path / "out").exists()


def test_a_folder_without_any_source_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="holds no source"):
        build(graph=tmp_path)


@pytest.mark.usefixtures("small_graph")
def test_broken_shapes_are_listed_with_file_and_node(
    make_source: MakeSource, run: Run, tmp_path: Path
) -> None:
    broken = membership("x", "1951").replace("lw:member state:x ;", "")
    folder = make_source(entities("xy") + broken)
    code, error = run("build", "--with", folder, "--out", tmp_path / "out")
    head, finding = error.splitlines()
    assert code == 1
    assert head == "latticework: 1 statement of the graph breaks a shape:"
    assert finding.startswith(f"  {folder / 'facts.ttl'}: mem:x: A membership needs the member")
    assert not (tmp_path / "out").exists()


# Writing


def write(out: Path) -> None:
    output.write_folder(out, {"a.ttl": b"new", "b.ttl": b"new"})


def no_space(*_: object) -> None:
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def test_a_result_takes_the_place_of_the_last_one_and_carries_its_checksums(tmp_path: Path) -> None:
    out = tmp_path / "deep" / "out"
    output.write_folder(out, {"old.ttl": b"old"})
    write(out)
    assert sorted(state_of(out)) == ["SHA256SUMS", "a.ttl", "b.ttl"]
    sums = (out / "SHA256SUMS").read_text().splitlines()
    assert sums[0] == f"{hashlib.sha256(b'new').hexdigest()}  a.ttl"
    assert [p.name for p in out.parent.iterdir()] == ["out"]


@pytest.mark.usefixtures("small_graph")
def test_a_full_disk_leaves_the_last_result_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, run: Run, make_source: MakeSource
) -> None:
    out = tmp_path / "out"
    write(out)
    before = state_of(out)
    written = []
    real = os.fsync

    def fill(handle: int) -> None:
        written.append(handle)
        (no_space if len(written) == 2 else real)(handle)

    monkeypatch.setattr(os, "fsync", fill)
    code, error = run("build", "--out", out)
    assert code == 2
    assert "out cannot be written (No space left on device); free some space" in error
    assert is_one_clear_sentence(error)
    assert len(written) == 2
    assert state_of(out) == before
    assert [p.name for p in tmp_path.iterdir()] == ["out"]


@pytest.mark.parametrize("failing", [1, 2], ids=["old away", "new in"])
def test_a_failing_rename_leaves_the_last_result(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, failing: int
) -> None:
    out = tmp_path / "out"
    write(out)
    before, calls, real = state_of(out), [], Path.rename

    def rename(self: Path, target: Path) -> Path:
        calls.append(target)
        if len(calls) == failing:
            raise PermissionError(errno.EACCES, "Permission denied")
        return real(self, target)

    monkeypatch.setattr(Path, "rename", rename)
    with pytest.raises(OutputError, match=r"cannot be written \(Permission denied\)"):
        output.write_folder(out, {"c.ttl": b"newer"})
    assert state_of(out) == before
    assert [p.name for p in tmp_path.iterdir()] == ["out"]


def test_a_last_result_that_cannot_be_put_back_is_not_deleted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "out"
    write(out)
    before, calls, real = state_of(out), [], Path.rename

    def rename(self: Path, target: Path) -> Path:
        calls.append(target)
        if len(calls) > 1:
            raise PermissionError(errno.EACCES, "Permission denied")
        return real(self, target)

    monkeypatch.setattr(Path, "rename", rename)
    with pytest.raises(OutputError):
        output.write_folder(out, {"c.ttl": b"newer"})
    (kept,) = tmp_path.glob(".out-old-*/was")
    assert state_of(kept) == before


def below_a_file(tmp_path: Path) -> Path:
    (tmp_path / "file").write_text("x")
    return tmp_path / "file" / "out"


@pytest.mark.usefixtures("small_graph")
@pytest.mark.parametrize(
    "place",
    [below_a_file, lambda tmp: tmp / ("x" * 300)],
    ids=["below a file", "name too long"],
)
def test_a_place_that_cannot_be_written_is_named(
    tmp_path: Path, run: Run, place: Callable[[Path], Path]
) -> None:
    out = place(tmp_path)
    before = state_of(tmp_path)
    code, error = run("build", "--out", out)
    assert code == 2
    assert f"{out} cannot be written (" in error
    assert is_one_clear_sentence(error)
    assert state_of(tmp_path) == before


@contextmanager
def without_privileges() -> Iterator[None]:
    """Root may write anywhere; so be nobody for a while."""
    root = os.geteuid() == 0
    if root:
        os.seteuid(65534)
    try:
        yield
    finally:
        if root:
            os.seteuid(0)


@pytest.mark.parametrize("mode", [0o555, 0o000], ids=["read-only", "closed"])
def test_a_folder_that_may_not_be_written_is_named(mode: int) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(mode)
        with without_privileges(), pytest.raises(OutputError) as caught:
            write(folder / "out")
        folder.chmod(0o755)
        assert str(caught.value).startswith(
            f"{folder / 'out'} cannot be written (Permission denied)"
        )
        assert list(folder.iterdir()) == []


@pytest.mark.usefixtures("small_graph")
def test_a_folder_with_other_files_is_refused(tmp_path: Path, run: Run) -> None:
    out = tmp_path / "out"
    out.mkdir()
    (out / "thesis.docx").write_text("mine")
    code, error = run("build", "--out", out)
    assert code == 2
    assert "holds other files than results of latticework (thesis.docx)" in error
    assert is_one_clear_sentence(error)
    assert state_of(out) == {"thesis.docx": b"mine"}


def test_a_file_put_beside_our_results_is_not_deleted(tmp_path: Path) -> None:
    out = tmp_path / "out"
    write(out)
    (out / "notes.txt").write_text("mine")
    with pytest.raises(OutputError, match=r"\(notes\.txt\)"):
        write(out)
    assert (out / "notes.txt").read_text() == "mine"


def test_a_file_in_place_of_the_folder_is_kept(tmp_path: Path) -> None:
    (tmp_path / "out").write_text("mine")
    with pytest.raises(OutputError, match="it is a file"):
        write(tmp_path / "out")
    assert (tmp_path / "out").read_text() == "mine"


def test_one_file_is_written_whole_or_not_at_all(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "web.html"
    output.write_file(file, b"old")
    monkeypatch.setattr(os, "fsync", no_space)
    with pytest.raises(OutputError, match=r"web\.html cannot be written \(No space left"):
        output.write_file(file, b"new")
    assert state_of(tmp_path) == {"web.html": b"old"}


# A second source


def begins(built: Built, state: str, arrangement: str) -> set[tuple[str, str]]:
    """Which source gives which begin, by the named graph and by ``dct:source``."""
    rows = select(
        built.store,
        f"PREFIX lw: <{LW}> PREFIX dct: <{PREFIXES['dct']}> SELECT ?graph ?source ?begin WHERE {{"
        f" GRAPH ?graph {{ ?m lw:member <{PREFIXES['state']}{state}> ; lw:begin ?begin ;"
        f" lw:arrangement <{PREFIXES['arr']}{arrangement}> ; dct:source ?source }} }}",
    )
    assert all(row["graph"] == row["source"] for row in rows)
    return {(shorten(row["source"].value), row["begin"].value) for row in rows}


@pytest.fixture(scope="module")
def both() -> Built:
    return build([SECOND])


def test_sources_that_agree_are_both_named(both: Built) -> None:
    for state, arrangement in (("australia", "aukus"), ("canada", "five-eyes")):
        found = begins(both, state, arrangement)
        assert {source for source, _ in found} >= {"source:paper", "source:second"}
        assert len({begin for _, begin in found}) == 1


def test_sources_that_contradict_each_other_both_keep_their_word(both: Built) -> None:
    found = begins(both, "new-zealand", "five-eyes")
    assert ("source:second", "1946-03-05") in found
    assert "source:paper" in {source for source, begin in found if begin != "1946-03-05"}
    assert {source for source, _ in begins(both, "japan", "aukus")} == {"source:second"}


def test_a_contradiction_is_recorded_and_an_agreement_is_not(both: Built) -> None:
    found = {
        shorten(t.object.value)
        for t in both.graph(DERIVED + "disagreements")
        if t.predicate.value == LW + "about"
    }
    assert "mem:second-row-3" in found
    assert not found & {"mem:second-row-1", "mem:second-row-2", "mem:second-row-5"}


def test_a_second_source_takes_nothing_from_the_first(built: Built, both: Built) -> None:
    for source in built.sources:
        assert set(built.graph(source.iri)) == set(both.graph(source.iri))


def test_what_is_derived_from_both_says_so(both: Built) -> None:
    prov = ox.NamedNode(PREFIXES["prov"] + "wasDerivedFrom")
    for name in ("bounds", "forms"):
        graph = ox.NamedNode(DERIVED + name)
        origins = {t.object.value for t in both.graph(graph.value) if t.subject == graph}
        assert {PREFIXES["source"] + s for s in ("paper", "second")} <= origins
    rests_on = {
        shorten(t.object.value)
        for t in both.graph(DERIVED + "forms")
        if t.predicate == prov and "/aukus-2022-04-12" in t.subject.value
    }
    assert {"mem:second-row-5", "mem:aukus-australia"} <= rests_on


def test_a_source_may_use_names_of_its_own(make_source: MakeSource) -> None:
    facts = entities("ab", "one") + entities("", "two")
    for arrangement in ("one", "two"):
        for state in "ab":
            fact = membership(state, "1951", name=f"{arrangement}-{state}", arrangement=arrangement)
            facts += fact
    own = "https://example.org/"
    facts = re.sub(r"\b(arr|mem|state):([\w-]+)", rf"<{own}\2>", facts)
    built = build(graph=make_source(facts))
    forms = [t for t in built.graph(DERIVED + "forms") if t.predicate.value == LW + "arrangement"]
    assert {t.object.value for t in forms} == {own + "one", own + "two"}
    assert len({t.subject for t in forms}) == len(forms), "one node for each arrangement and day"


# Checks

ACTUAL = membership("a", "1951")
FAULTS = {
    "authored-derived": (
        membership("a", "1951", more='lw:latestBegin "1951-12-31"^^xsd:date ;'),
        "mem:a: This property is only ever derived by a rule; remove it from the source. "
        "(property lw:latestBegin)",
    ),
    "dangling": (
        ACTUAL + "state:a lw:capital place:nowhere .\n",
        "state:a: An IRI of ours is used but never described; correct the name or describe the "
        "thing. (property lw:capital, names place:nowhere)",
    ),
    "outside-spell": (
        membership("a", "1951", more="lw:spell spell:x ;")
        + 'spell:x a lw:Spell ; lw:arrangement arr:pact ; lw:begin "1955"^^edtf:EDTF ; '
        'lw:locator "line 2" ; dct:source source:tiny .\n',
        "mem:a: The membership may begin before its spell of the arrangement can have begun; "
        "correct either date. (spell spell:x)",
    ),
    "reversed-dates": (
        membership("a", "1951", "1950-12"),
        "mem:a: It would have to end before it can have begun; correct lw:begin or lw:end. "
        "(begin 1951-01-01, end 1950-12-31)",
    ),
    "unknown-terms": (
        membership("a", "1951", more="lw:memeber state:a ;"),
        "mem:a: A property or class of ours is used that the ontology does not define; correct "
        "its name or define it. (term lw:memeber)",
    ),
}


def test_every_check_has_a_made_up_fault() -> None:
    assert {path.stem for path in (ROOT / "queries" / "checks").glob("*.rq")} == set(FAULTS)


def test_the_checks_find_nothing_where_nothing_is_wrong(make_source: MakeSource) -> None:
    build(graph=make_source(entities() + ACTUAL))


@pytest.mark.parametrize("check", FAULTS)
def test_check_catches_a_made_up_fault(make_source: MakeSource, check: str) -> None:
    facts, said = FAULTS[check]
    folder = make_source(entities() + facts)
    with pytest.raises(ValidationProblem) as caught:
        build(graph=folder)
    assert str(caught.value).splitlines()[1:] == [f"  {folder / 'facts.ttl'}: {said}"]


@pytest.mark.parametrize("check", FAULTS)
def test_check_says_what_is_wrong_in_both_languages(check: str) -> None:
    text = (ROOT / "queries" / "checks" / f"{check}.rq").read_text(encoding="utf-8")
    for key in ("title", "title_zh", "summary", "summary_zh"):
        assert len(re.findall(rf"^#\+ {key}: \S", text, flags=re.MULTILINE)) == 1, key
