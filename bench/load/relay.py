"""The bare relay: aiohttp from the upstream to a WebSocket, one frame for each delta.

It has no users, renders nothing and stores nothing, so only fewer frames could be cheaper.
`python -m bench.load.relay UPSTREAM` prints its address and ends with its standard input.
"""

from __future__ import annotations

import asyncio
import json
import sys

from aiohttp import ClientSession, web


def application(upstream: str) -> web.Application:
    async def relay(request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse(compress=False)
        await socket.prepare(request)
        async with ClientSession() as http:
            async for message in socket:
                await answer(http, socket, message.data)
        return socket

    async def answer(http: ClientSession, socket: web.WebSocketResponse, text: str) -> None:
        body = {"model": "any", "stream": True, "messages": [{"role": "user", "content": text}]}
        async with http.post(f"{upstream}/v1/chat/completions", json=body) as response:
            async for line in response.content:
                if line.startswith(b"data: {"):
                    delta = json.loads(line[6:])["choices"][0]["delta"]
                    if words := delta.get("content"):
                        await socket.send_str(json.dumps({"t": "delta", "text": words}))
        await socket.send_str(json.dumps({"t": "end"}))

    app = web.Application()
    app.router.add_get("/", relay)
    return app


async def main(upstream: str) -> None:
    runner = web.AppRunner(application(upstream))
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    print(f"http://127.0.0.1:{runner.addresses[0][1]}", flush=True)
    await asyncio.to_thread(sys.stdin.read)
    await runner.cleanup()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))
