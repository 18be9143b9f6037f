"""The tool that makes a picture: its own call to an image model, within a run of another model."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from conversations.crypto import UndecryptableError
from conversations.database import threads
from conversations.generation import loop
from conversations.generation.images import store
from conversations.generation.records import ledger
from conversations.generation.run import ApiCall, Run
from conversations.models import Connection, LanguageModel, UsageRecord
from conversations.queries.connections import choose_image_model, endpoint_for
from conversations.tools.base import Arguments, Handler, Tool, ToolError, schema
from conversations.upstream.answer.answer import Answer, ImagePart
from conversations.upstream.asking.client import Client
from conversations.upstream.endpoint import Endpoint, Timers
from conversations.upstream.errors import ErrorKind, UpstreamError
from conversations.upstream.request import ChatRequest

NAME = "make_image"
# Image models take minutes, and their own timers end them.
MAX_SECONDS = 600.0
_EXCERPT = 500
_DESCRIPTION = (
    "Make a picture and show it to the user. Use it when the user wants something drawn, painted "
    "or designed. Describe in `prompt` all that is to be seen: nothing else of this conversation "
    "is known to the image model."
)
_PROMPT = {
    "type": "string",
    "description": "What is to be seen, in which style, in the user's language.",
    "minLength": 1,
    "maxLength": 4000,
}


@dataclass(frozen=True, slots=True)
class ImageTool:
    """What a call needs: the run that it belongs to, and whom to ask."""

    run: Run
    client: Client
    timers: Timers
    model: LanguageModel
    connection: Connection
    endpoint: Endpoint

    async def draw(self, arguments: Arguments) -> str:
        """Ask for the picture and put it into the run's answer. Raises ToolError."""
        prompt = str(arguments["prompt"])
        request = ChatRequest(self.model.name, [{"role": "user", "content": prompt}], image=True)
        answer = Answer()
        try:
            await self._ask(request, answer, prompt)
        except UpstreamError as error:
            raise ToolError(_words(error)) from None
        answer.finish()
        made = [image for image in answer.images if image.digest]
        if not made:
            raise ToolError(_why_none(answer))
        for image in made:
            self.run.answer.add_image(image)
        return _told(made)

    async def _ask(self, request: ChatRequest, answer: Answer, prompt: str) -> None:
        asking = ApiCall(request, prior_tokens=0)
        caption = store.Caption(prompt, self.model.label)
        reader = store.ImageReader(answer, self.run.generation, caption, request, lambda: None)
        async with self.client.exchange(self.endpoint, request, self.timers) as exchange:
            self.run.recordings.append(exchange.recording)
            try:
                async for delta in exchange:
                    asking.has_deltas = True
                    await reader.take(delta)
                await reader.finish()
            finally:
                reader.release()
                await self._record(asking.usage(answer, exchange.outcome), asking.made_at)

    async def _record(self, usage: Mapping[str, Any], made_at: datetime) -> None:
        """Write down what the call took; a stop that comes now does not undo that."""
        writing = threads.insist(lambda: threads.run_write(self._write, usage, made_at))
        await asyncio.shield(loop.start(writing))

    def _write(self, usage: Mapping[str, Any], made_at: datetime) -> None:
        ledger.record_call(
            usage,
            purpose=UsageRecord.Purpose.IMAGE,
            generation=self.run.generation,
            model=self.model,
            connection=self.connection,
            made_at=made_at,
        )


def tools_for(run: Run, client: Client, timers: Timers) -> list[Tool]:
    """The tool, where an image model is offered that the person can reach. In a reading thread."""
    generation = run.generation
    owner = generation.message.conversation.owner
    found = choose_image_model(owner, generation.connection)
    if found is None:
        return []
    model, connection = found
    try:
        endpoint = endpoint_for(connection)
    except UndecryptableError:
        return []
    return [_tool(ImageTool(run, client, timers, model, connection, endpoint).draw)]


def outline() -> Tool:
    """The tool outside a run, to hold arguments against."""

    async def draw(_arguments: Arguments) -> str:
        raise ToolError("only a run can draw.")

    return _tool(draw)


def _tool(draw: Handler) -> Tool:
    parameters = schema({"prompt": _PROMPT}, required=("prompt",))
    return Tool(NAME, _DESCRIPTION, parameters, draw, seconds=MAX_SECONDS)


def _told(made: list[ImagePart]) -> str:
    """What the model is told: never the picture itself."""
    sizes = ", ".join(f"{image.width} x {image.height} pixels" for image in made)
    return (
        f"The picture was made ({sizes}) and is shown to the user above your words. "
        "Do not link to it or describe it at length."
    )


def _why_none(answer: Answer) -> str:
    if answer.images:
        problem = answer.images[0].problem
        return f"the image model sent a picture that could not be kept ({problem})."
    return f"the image model made no picture. It said: {answer.text[:_EXCERPT]}"


def _words(error: UpstreamError) -> str:
    detail = f" It said: {error.detail[:_EXCERPT]}" if error.detail else ""
    if error.kind is ErrorKind.REFUSED_BY_POLICY:
        return f"the image model's rules refused this prompt.{detail}"
    return f"the image model could not be asked ({error}).{detail}"
