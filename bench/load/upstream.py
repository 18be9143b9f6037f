"""The upstream of the load, which sends as many words as the message asks for, at its rate.

`python -m bench.load.upstream` prints its address and ends with its standard input.
"""

from __future__ import annotations

import asyncio
import json
import re
import sys

from bench.load import words
from tests.fakes.reply import Reply
from tests.fakes.upstream import FakeUpstream


def prompt(count: int, rate: int) -> str:
    """Return the message that asks for ``count`` words, ``rate`` a second."""
    return f"Say {count} words, {rate} a second."


async def say(reply: Reply) -> None:
    content = reply.request.json["messages"][-1]["content"]
    count, rate = map(int, re.findall(r"\d+", content))
    # The chunk is encoded once, so that the upstream's own work does not limit the measurement.
    head, tail = json.dumps(reply.chunk({"content": "@"})).split("@")
    await reply.start()
    await reply.delta(role="assistant", content="")
    clock = asyncio.get_running_loop().time
    begun = clock()
    for number in range(count):
        await asyncio.sleep(begun + number / rate - clock())
        await reply.send(f"data: {head}{words.new()}{tail}\n\n".encode())
    await reply.finish()


def main() -> None:
    with FakeUpstream() as upstream:
        upstream.default = say
        print(upstream.url, flush=True)
        sys.stdin.read()


if __name__ == "__main__":
    main()
