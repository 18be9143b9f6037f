"""Each fault that a message can ask for, streamed and plain."""

from __future__ import annotations

import httpx
import pytest

from conversations.demo.faults import Fault, requested
from conversations.demo.server import DemoServer
from tests.demo.talk import PATH, Streamed, ask, body, closed, stream

STATUSES = [400, 401, 403, 404, 429, 500, 502, 503]


@pytest.mark.parametrize("stream_it", [False, True])
@pytest.mark.parametrize("status", STATUSES)
@pytest.mark.parametrize("word", ["error", "错误"])
async def test_a_status(client: httpx.AsyncClient, status: int, word: str, stream_it: bool) -> None:
    response = await client.post(PATH, json=body(f"{word} {status}", stream=stream_it))
    assert response.status_code == status
    assert "because the message asked for it" in response.json()["error"]["message"]
    assert response.headers.get("retry-after") == ("5" if status == 429 else None)


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("error cut", Fault.CUT),
        ("Error: cut!", Fault.CUT),
        ("Please simulate error stall", Fault.STALL),
        ("请模拟错误 cut", Fault.CUT),
        ("错误timeout", Fault.TIMEOUT),
        ("错误：超时", Fault.TIMEOUT),
        ("error cutlery", None),
        ("error 5000", None),
        ("How do I fix error 500 in my code?", None),
        ("error", None),
        ("", None),
    ],
)
def test_only_a_message_that_begins_so_asks_for_it(text: str, fault: Fault | None) -> None:
    assert requested(text) == fault


async def test_a_cut_stream_ends_without_a_reason(client: httpx.AsyncClient) -> None:
    answer = await stream(client, "error cut")
    assert answer.joined("content")
    assert (answer.done, answer.finish_reasons) == (False, [])


async def test_a_cut_plain_answer_is_half_a_json(client: httpx.AsyncClient) -> None:
    response = await client.post(PATH, json=body("error cut"))
    assert response.text.startswith('{"id":"chatcmpl-')
    with pytest.raises(ValueError, match=r"Unterminated|Expecting"):
        response.json()


@pytest.mark.parametrize("stream_it", [False, True])
async def test_a_dropped_answer_breaks_the_connection(
    client: httpx.AsyncClient, stream_it: bool
) -> None:
    with pytest.raises(httpx.RemoteProtocolError, match="incomplete chunked read"):
        await client.post(PATH, json=body("error drop", stream=stream_it))


@pytest.mark.parametrize("stream_it", [False, True])
async def test_a_stalled_answer_begins_and_then_is_silent(
    client: httpx.AsyncClient, server: DemoServer, stream_it: bool
) -> None:
    received: list[bytes] = []
    request = client.stream("POST", PATH, json=body("error stall", stream=stream_it), timeout=1)
    async with request as response:
        with pytest.raises(httpx.ReadTimeout):
            await collect(response, received)
    assert received
    assert b"[DONE]" not in b"".join(received)
    await closed(server)


async def collect(response: httpx.Response, pieces: list[bytes]) -> None:
    async for piece in response.aiter_bytes():
        pieces.append(piece)  # noqa: PERF401 - what came before the timeout must be kept


@pytest.mark.parametrize("stream_it", [False, True])
async def test_a_timeout_sends_nothing(
    client: httpx.AsyncClient, server: DemoServer, stream_it: bool
) -> None:
    with pytest.raises(httpx.ReadTimeout):
        await client.post(PATH, json=body("error timeout", stream=stream_it), timeout=0.3)
    await closed(server)


async def test_an_error_inside_a_stream(client: httpx.AsyncClient) -> None:
    response = await client.post(PATH, json=body("error inside", stream=True))
    answer = Streamed.read(response.content)
    assert answer.joined("content")
    assert answer.chunks[-1]["error"]["type"] == "server_error"
    assert not answer.done


async def test_an_error_with_status_200(client: httpx.AsyncClient) -> None:
    assert set(await ask(client, "error inside")) == {"error"}


@pytest.mark.parametrize("stream_it", [False, True])
async def test_a_page_instead_of_an_answer(client: httpx.AsyncClient, stream_it: bool) -> None:
    response = await client.post(PATH, json=body("error html", stream=stream_it))
    assert response.headers["content-type"].startswith("text/html")
    assert response.text.startswith("<!doctype html>")


async def test_an_empty_answer_is_complete(client: httpx.AsyncClient) -> None:
    answer = await stream(client, "error empty")
    assert (answer.joined("content"), answer.finish_reasons, answer.done) == ("", ["stop"], True)
    plain = await ask(client, "error empty")
    assert plain["choices"][0]["message"]["content"] == ""
