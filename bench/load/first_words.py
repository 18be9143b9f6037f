"""The time to the first word, alone and with fifty sends in one second."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bench.load.asking import ask_all, opened
from bench.load.readers import Heard, Reader
from bench.load.upstream import prompt

ROUNDS = 40
_FEW = prompt(3, 50)
SENDS = 50


async def alone(readers: Mapping[str, Reader]) -> dict[str, list[float]]:
    """Return the milliseconds to the first word by each way, measured in turns."""
    found: dict[str, list[float]] = {name: [] for name in readers}
    async with opened(list(readers.values())):
        for number in range(ROUNDS + 2):
            for name, reader in readers.items():
                heard = await reader.ask(_FEW)
                assert heard.first is not None
                if number >= 2:  # the first ones include imports and connecting
                    found[name].append(heard.first * 1000)
    return found


async def at_once(readers: Sequence[Reader]) -> list[Heard]:
    """Let all readers send within one second, and return what each received."""
    async with opened(readers):
        return await ask_all(readers, prompt(50, 50), within=1)
