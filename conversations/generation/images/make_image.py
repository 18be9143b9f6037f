"""The tool that makes an image: a request of its own to an image model, within another's run."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from conversations.crypto import UndecryptableError
from conversations.generation.api_calls import ApiCall, ApiClient
from conversations.generation.images import store
from conversations.generation.records import leases, ledger
from conversations.generation.run import Run
from conversations.models import Connection, LanguageModel, UsageRecord, User
from conversations.queries.connections import choose_image_model, endpoint_for
from conversations.tools.base import Arguments, Handler, Tool, ToolError, schema
from conversations.upstream.answer.answer import Answer, ImagePart
from conversations.upstream.endpoint import Endpoint
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
class ImageModel:
    """An image model, and the connection that serves it to a user."""

    model: LanguageModel
    connection: Connection
    endpoint: Endpoint


@dataclass(frozen=True, slots=True)
class ImageTool:
    """The tool within a run: its images go into the run's answer, its requests to ``client``."""

    run: Run
    client: ApiClient
    image_model: ImageModel

    async def make(self, arguments: Arguments) -> str:
        """Make the image and add it to the run's answer. Raises ToolError."""
        prompt = str(arguments["prompt"])
        answer = Answer()
        try:
            await self._send(prompt, answer)
        except UpstreamError as error:
            raise ToolError(_words(error)) from None
        made = [image for image in answer.images if image.digest]
        if not made:
            raise ToolError(_why_none(answer))
        for image in made:
            self.run.answer.add_image(image)
        return _result(made)

    async def _send(self, prompt: str, answer: Answer) -> None:
        model = self.image_model.model
        request = ChatRequest(model.name, [{"role": "user", "content": prompt}], image=True)
        purpose = UsageRecord.Purpose.IMAGE
        call = ApiCall(request, self.image_model.endpoint, answer, purpose)
        self.run.calls.append(call)
        caption = store.Caption(prompt, model.label)
        reader = store.ImageReader(answer, self.run.id, caption, request)
        await self.client.send(call, reader, write=self._write)

    def _write(self, call: ApiCall) -> None:
        run = leases.held(self.run.id)
        if run is not None:
            ledger.record_call(
                run.message.conversation,
                call.tokens,
                purpose=call.purpose,
                model=self.image_model.model,
                connection=self.image_model.connection,
                made_at=call.made_at,
                generation=run,
            )


def choose(user: User, wanted: Connection | None) -> ImageModel | None:
    """Return the image model that a user's runs can ask, if there is one."""
    found = choose_image_model(user, wanted)
    if found is None:
        return None
    model, connection = found
    try:
        return ImageModel(model, connection, endpoint_for(connection))
    except UndecryptableError:
        return None


def outline() -> Tool:
    """Return the tool outside a run: it is offered, and its arguments are checked."""

    async def make(_arguments: Arguments) -> str:
        raise ToolError("only a run can make an image.")

    return _tool(make)


def in_run(
    tools: Mapping[str, Tool], run: Run, client: ApiClient, image_model: ImageModel | None
) -> Mapping[str, Tool]:
    """Return the tools with the outline replaced by the tool of this run."""
    if image_model is None:
        return tools
    return {**tools, NAME: _tool(ImageTool(run, client, image_model).make)}


def _tool(make: Handler) -> Tool:
    parameters = schema({"prompt": _PROMPT}, required=("prompt",))
    return Tool(NAME, _DESCRIPTION, parameters, make, seconds=MAX_SECONDS)


def _result(made: list[ImagePart]) -> str:
    """Return the result that the model reads: never the image itself."""
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
