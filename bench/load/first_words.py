"""How long the first word takes: alone, and with fifty sends in one second."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bench.load.asking import ask_all, opened
from bench.load.readers import Heard, Reader
from bench.load.upstream import prompt

ROUNDS = 40
_FEW = prompt(3, 50)
SENDS = 50


async def alone(readers: Mapping[str, Reader]) -> dict[str, list[float]]:
    """Milliseconds to the first word by each way, in turns."""
    found: dict[str, list[float]] = {name: [] for name in readers}
    async with opened(list(readers.values())):
        for number in range(ROUNDS + 2):
            for name, reader in readers.items():
                heard = await reader.ask(_FEW)
                assert heard.first is not None
                if number >= 2:  # the first ones also import and connect
                    found[name].append(heard.first * 1000)
    return found


async def at_once(readers: Sequence[Reader]) -> list[Heard]:
    """What each of many who send within one second hears."""
    async with opened(readers):
        return await ask_all(readers, prompt(50, 50), within=1)
