"""Measure `latticework serve` beside Oxigraph's server and rdflib-endpoint.

    scripts/bench_serve.py [--seconds 2] [--rounds 5]

The same graph, the same questions, 1 and 8 clients, the servers in turn in one run, ours with all
its limits on. A round asks one question over and over on connections that stay open; figures are
medians over the rounds. Each question is asked in the same words, and in other words each time, as
ours keeps its answers and the others do not. Ratios hold from machine to machine, absolute figures
do not. Servers that are not installed (the extra `bench`) are left out.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from importlib.util import find_spec
from itertools import count, product
from multiprocessing import Pool
from pathlib import Path
from statistics import median
from urllib.parse import urlencode
from urllib.request import Request, urlopen

from latticework.build import build
from latticework.catalogue import question
from latticework.export import to_nquads

QUESTIONS = ("in-one-not-in-the-other", "members-at-a-date")
CLIENTS = (1, 8)
OURS = "latticework"


@contextmanager
def running(command: list[str], port: int) -> Iterator[int]:
    """A server, once it listens at the port."""
    silent = subprocess.DEVNULL
    process = subprocess.Popen(command, stdout=silent, stderr=silent)
    try:
        for _ in range(600):
            with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
                break
            time.sleep(0.1)
        yield port
    finally:
        process.terminate()
        process.wait()


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as line:
        return int(line.getsockname()[1])


def commands(folder: Path, ports: Mapping[str, int]) -> dict[str, tuple[list[str], str]]:
    """How each server is started over the same graph, and where it is asked."""
    file = folder / "graph.nq"
    data = to_nquads(build(validate=False).store)
    file.write_bytes(data if isinstance(data, bytes) else data.encode())
    python = [sys.executable, "-m"]
    found = {OURS: ([*python, "latticework.cli", "serve", "--port", str(ports[OURS])], "/sparql")}
    beside = Path(sys.executable).parent
    oxigraph = shutil.which("oxigraph", path=f"{beside}{os.pathsep}{os.environ['PATH']}")
    if oxigraph:
        place = str(folder / "oxigraph")
        load = [oxigraph, "load", "--location", place, "--file", str(file)]
        subprocess.run(load, check=True, capture_output=True)
        subprocess.run([oxigraph, "optimize", "--location", place], check=True, capture_output=True)
        serve = [oxigraph, "serve-read-only", "--location", place, "--union-default-graph"]
        found["oxigraph"] = ([*serve, "--bind", f"127.0.0.1:{ports['oxigraph']}"], "/query")
    if find_spec("rdflib_endpoint"):
        where = ["--host", "127.0.0.1", "--port", str(ports["rdflib-endpoint"])]
        found["rdflib-endpoint"] = (
            [*python, "rdflib_endpoint", "serve", *where, str(file)],
            "/",
        )
    return found


def check(query: str, places: Mapping[str, str]) -> None:
    """Stop unless all servers give the same rows."""
    found = {}
    for name, place in places.items():
        url = f"http://127.0.0.1:{place}?{urlencode({'query': query})}"
        request = Request(url, headers={"Accept": "application/sparql-results+json"})
        with urlopen(request) as answer:
            rows = json.load(answer)["results"]["bindings"]
        found[name] = sorted(sorted((k, v["value"]) for k, v in row.items()) for row in rows)
    if any(rows != found[OURS] for rows in found.values()) or not found[OURS]:
        raise SystemExit("the servers do not agree on the answer")


def asked(port: int, path: str, query: str, new: bool, seconds: float) -> list[float]:
    """Ask one question over and over on one connection; the seconds of each answer."""
    target = f"{path}?{urlencode({'query': query})}"
    rest = f" HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nAccept: application/sparql-results+json\r\n\r\n"
    took, number = [], count(os.getpid() * 10**9)
    with socket.create_connection(("127.0.0.1", port)) as line, line.makefile("rb") as answer:
        line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        end = time.perf_counter() + seconds
        while not took or time.perf_counter() < end:
            wording = f"%0A%23{next(number)}" if new else ""  # a comment at the end
            request = f"GET {target}{wording}{rest}".encode()
            begin = time.perf_counter()
            line.sendall(request)
            status = answer.readline()
            length, chunked = 0, False
            while (header := answer.readline().lower()) not in (b"\r\n", b""):
                if header.startswith(b"content-length:"):
                    length = int(header.partition(b":")[2])
                chunked |= header.startswith(b"transfer-encoding: chunked")
            while chunked and (size := int(answer.readline(), 16)):
                answer.read(size + 2)
            answer.read(2 if chunked else length)
            if b" 200 " not in status:
                raise SystemExit(f"port {port} answered {status.decode().strip()}")
            took.append(time.perf_counter() - begin)
    return took


def measure(
    pool: Pool, port: int, path: str, query: str, new: bool, clients: int, seconds: float
) -> tuple[float, float, float]:
    """Requests a second, and the median and 99th percentile in milliseconds."""
    runs = pool.starmap(asked, [(port, path, query, new, seconds)] * clients)
    each = sum(len(run) / sum(run) for run in runs)
    all_of_them = sorted(time for run in runs for time in run)
    return (
        each,
        1000 * all_of_them[len(all_of_them) // 2],
        1000 * all_of_them[int(len(all_of_them) * 0.99)],
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=2, help="of a round for each server")
    parser.add_argument("--rounds", type=int, default=5)
    given = parser.parse_args()
    names = (OURS, "oxigraph", "rdflib-endpoint")
    ports = {name: free_port() for name in names}
    figures: dict[tuple[str, bool, int, str], list[tuple[float, float, float]]] = defaultdict(list)
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        pool = stack.enter_context(Pool(max(CLIENTS)))
        servers = commands(folder, ports)
        for name, (command, _) in servers.items():
            stack.enter_context(running(command, ports[name]))
        for asked_for in QUESTIONS:
            check(question(asked_for).text, {n: f"{ports[n]}{p}" for n, (_, p) in servers.items()})
        for _ in range(given.rounds):
            for asked_for, new, clients in product(QUESTIONS, (False, True), CLIENTS):
                for name, (_, path) in servers.items():
                    text = question(asked_for).text
                    found = measure(pool, ports[name], path, text, new, clients, given.seconds)
                    figures[asked_for, new, clients, name].append(found)
    print("question\tworded\tclients\tserver\trequests/s\tp50 ms\tp99 ms\tours is")
    for (asked_for, new, clients, name), rounds in figures.items():
        rate, half, most = (median(column) for column in zip(*rounds, strict=True))
        ours = median(one[0] for one in figures[asked_for, new, clients, OURS])
        row = f"{rate:,.0f}\t{half:.1f}\t{most:.1f}\t{ours / rate:.2f} x"
        print(f"{asked_for}\t{'anew' if new else 'the same'}\t{clients}\t{name}\t{row}")


if __name__ == "__main__":
    main()
