"""Measure our server under load, beside the upstream itself and a bare relay, in one run.

Run it from the repository: `.venv/bin/python -m bench.load`. The ways are measured in turns and the
best round counts, because other work on the machine disturbed it least.
"""

from __future__ import annotations

import argparse
import asyncio
from collections.abc import Sequence

from bench.load import first_words, idle, killing, streams
from bench.load.figures import percentile, show, show_at_most
from bench.load.installation import Installation, installation
from bench.load.page import Page
from bench.load.processes import Process, allow_many_files, resident_bytes, running
from bench.load.readers import Direct, Relayed

PEOPLE = 100


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--rounds", type=int, default=3, help="of the streams")
    arguments.add_argument("--streams", type=int, nargs="*", default=streams.COUNTS)
    arguments.add_argument("--only-streams", action="store_true")
    chosen = arguments.parse_args()
    allow_many_files()
    with (
        running("bench.load.upstream") as upstream,
        running("bench.load.relay", upstream.url) as relay,
        installation(upstream.url, people=PEOPLE) as made,
    ):
        if not chosen.only_streams:
            measure_memory(made)
            measure_first_words(made, upstream, relay)
        measure_streams(made, relay, chosen.streams, chosen.rounds)
        if not chosen.only_streams:
            measure_kill(made)


def measure_memory(made: Installation) -> None:
    print("Memory")
    show_at_most("at rest", resident_bytes(made.pid) / 2**20, 120, "MB")
    pages = [Page(seat) for seat in made.seats(idle.SOCKETS)]
    per_socket = asyncio.run(idle.per_socket(pages, made.pid)) / 1024
    show_at_most(f"each of {idle.SOCKETS:,} idle sockets", per_socket, 100, "KB")


def measure_first_words(made: Installation, upstream: Process, relay: Process) -> None:
    print("First word")
    ways = {
        "direct": Direct(upstream.url),
        "relay": Relayed(relay.url),
        "ours": Page(*made.seats(1)),
    }
    found = asyncio.run(first_words.alone(ways))
    direct = found.pop("direct")
    for name, times in found.items():
        added = percentile(times, 50) - percentile(direct, 50)
        if name == "ours":
            show_at_most("ours, added to direct, median", added, 20, "ms")
        else:
            show(f"{name}, added to direct, median", f"{added:.4g} ms")
        added = percentile(times, 95) - percentile(direct, 95)
        show(f"{name}, added to direct, p95", f"{added:.4g} ms")
    pages = [Page(seat) for seat in made.seats(first_words.SENDS)]
    heard = asyncio.run(first_words.at_once(pages))
    whole = sum(answer.is_whole for answer in heard)
    sends = f"{first_words.SENDS} sends in 1 s"
    show(f"{sends}: answered", str(whole), goal="all", is_met=whole == first_words.SENDS)
    first = [answer.first * 1000 for answer in heard if answer.first is not None]
    show_at_most(f"{sends}: first word, median", percentile(first, 50), 300, "ms")
    show(f"{sends}: first word, p95", f"{percentile(first, 95):.4g} ms")


def measure_streams(made: Installation, relay: Process, counts: Sequence[int], rounds: int) -> None:
    print(f"Streams of {streams.WORDS} words, {streams.RATE} a second")
    for count in counts:
        ours, bare = [], []
        for _ in range(rounds):
            relayed = [Relayed(relay.url) for _ in range(count)]
            bare.append(asyncio.run(streams.cost(relayed, relay.pid)))
            pages = [Page(seat) for seat in made.seats(count)]
            ours.append(asyncio.run(streams.cost(pages, made.pid)))
        show_streams(count, ours, bare)


def show_streams(count: int, ours: list[streams.Cost], bare: list[streams.Cost]) -> None:
    name = f"{count} at once"
    ratio = min(cost.cpu for cost in ours) / min(cost.cpu for cost in bare)
    told = f"{ratio:.2f} × the relay's"
    goal = "at most 2 ×" if count in {20, 50} else ""
    show(f"{name}: CPU", told, goal=goal, is_met=ratio <= 2)
    for who, costs in (("ours", ours), ("relay", bare)):
        cpu = sorted(cost.cpu for cost in costs)
        show(f"{name}: CPU s per 10k, {who}", f"{cpu[0]:.2f} ({cpu[0]:.2f}-{cpu[-1]:.2f})")
        best = min(costs, key=lambda cost: cost.lag)
        if who == "ours" and count == 100:
            show_at_most(f"{name}: lag p95, {who}", best.lag, 250, "ms")
        else:
            show(f"{name}: lag p95, {who}", f"{best.lag:.4g} ms (median {best.lag_median:.4g})")
        show(f"{name}: words heard, {who}", f"{min(cost.heard for cost in costs):.1%}")


def measure_kill(made: Installation) -> None:
    print(f"kill -9 in the middle of {killing.ANSWERS} answers")
    lost = killing.loss(made)
    show("messages acknowledged before it", str(lost.acknowledged))
    show_at_most("of them lost", lost.gone, 0)
    show_at_most("answers not marked interrupted", lost.unmarked, 0)
    show_at_most("longest tail lost", max(lost.tails), 1, "s")
    show("median tail lost", f"{percentile(lost.tails, 50):.2f} s")


if __name__ == "__main__":
    main()
