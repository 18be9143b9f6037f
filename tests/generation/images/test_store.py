"""Image models: requests as documented, checks, files, and the history in words."""

from __future__ import annotations

import json
import zlib
from io import BytesIO

import pytest
from PIL import Image
from pytest_django import Settings

from conversations import file_store
from conversations.actions.generations import stop_generation
from conversations.actions.messages import Draft, Revision, revise_answer, send_message
from conversations.actions.runs import Sent, regenerate
from conversations.generation import registry
from conversations.models import (
    Attachment,
    Conversation,
    Generation,
    LanguageModel,
    Message,
    UsageRecord,
    User,
    WireRecord,
)
from conversations.models.identifiers import new_id
from conversations.upkeep import file_sweep
from tests.conftest import EngineThread, wait_for
from tests.fakes import behaviours
from tests.fakes.behaviours import Hold
from tests.fakes.images import completion, data_uri, messages, show, show_picture, with_words
from tests.fakes.reply import Reply
from tests.fakes.upstream import FakeUpstream
from tests.fakes.website import FakeSite, serve
from tests.file_reading.files import picture
from tests.generation.helpers import ended
from tests.sockets import session_of

pytestmark = pytest.mark.usefixtures("running_engine", "upstream_connection")

PROMPT = "画一只在草地上奔跑的金毛犬"
PICTURE = picture(size=(60, 40))


def ask(
    user: User,
    text: str = PROMPT,
    *,
    model: str = "gpt-image-1",
    conversation: Conversation | None = None,
) -> Sent:
    if conversation is not None:
        conversation.refresh_from_db()
    return send_message(
        user=user,
        conversation=conversation,
        parent_id=None,
        draft=Draft(id=new_id(), text=text, model=LanguageModel.objects.get(name=model)),
        session_key=session_of(user),
    )


def answered(sent: Sent, status: str = "completed") -> Message:
    assert ended(sent.generation).status == status
    return Message.objects.get(pk=sent.answer.pk)


def images(message: Message) -> list[dict[str, object]]:
    return [part for part in message.parts if part["type"] == "image"]


@pytest.mark.parametrize("words", ["", "Here it is."])
@pytest.mark.parametrize("shape", sorted(messages(b"")))
def test_every_shape_becomes_a_file_of_ours(
    alice: User, fake_upstream: FakeUpstream, shape: str, words: str
) -> None:
    if shape == "bare" and words:
        pytest.skip("base64 among words is words")
    fake_upstream.script(show_picture(PICTURE, shape, words))
    message = answered(ask(alice))
    [part] = images(message)
    file = message.attachments.get()
    assert part == {
        "type": "image",
        "digest": file.digest,
        "alt": PROMPT,
        "width": 60,
        "height": 40,
    }
    assert message.text == words
    assert (file.owner, file.kind, file.media_type) == (alice, "image", "image/png")
    assert file.name == f"{PROMPT}.png"
    kept = Image.open(BytesIO(file_store.read(file.digest)))
    small = Image.open(BytesIO(file_store.read(file.thumbnail)))
    assert (kept.format, kept.size) == ("PNG", (60, 40))
    assert (small.format, small.size) == ("WEBP", (60, 40))


def test_gpt_image_1_5_gets_the_same_request(alice: User, fake_upstream: FakeUpstream) -> None:
    fake_upstream.script(show_picture(PICTURE))
    assert images(answered(ask(alice, "A dog", model="gpt-image-1.5")))
    assert fake_upstream.bodies == [
        {"model": "gpt-image-1.5", "messages": [{"role": "user", "content": "A dog"}]}
    ]


def test_a_large_picture_gets_a_small_copy_and_loses_what_it_carries(
    alice: User, fake_upstream: FakeUpstream
) -> None:
    large = BytesIO()
    exif = Image.Exif()
    exif[0x010E] = "who, when and where"
    Image.new("RGB", (2600, 1300), (9, 99, 9)).save(large, "JPEG", exif=exif)
    fake_upstream.script(show_picture(large.getvalue(), "markdown"))
    message = answered(ask(alice))
    file = message.attachments.get()
    content = file_store.read(file.digest)
    assert b"who, when and where" not in content
    assert Image.open(BytesIO(content)).size == (2600, 1300)
    assert Image.open(BytesIO(file_store.read(file.thumbnail))).size == (1280, 640)
    assert file.name.endswith(".jpg")


def test_its_data_is_nowhere_but_in_the_file(alice: User, fake_upstream: FakeUpstream) -> None:
    noise = Image.effect_noise((300, 300), 90)
    made = BytesIO()
    noise.save(made, "PNG")
    fake_upstream.script(show_picture(made.getvalue(), "markdown", "Here:"))
    message = answered(ask(alice))
    assert len(json.dumps(message.parts)) < 500
    assert message.html.count("Here:") == 1
    assert "base64" not in message.html
    [record] = WireRecord.objects.all()
    received = record.account["trials"][0]["received"]
    assert "data:image/png;base64,iVBOR" in received
    assert len(received) < 2000
    assert '"usage"' in received


def test_the_next_request_has_words_in_place_of_images(
    alice: User, fake_upstream: FakeUpstream
) -> None:
    fake_upstream.script(show_picture(PICTURE, "markdown", "Here it is."), show_picture(PICTURE))
    sent = ask(alice, "A dog")
    answered(sent)
    answered(ask(alice, "Now a cat", conversation=sent.message.conversation))
    third = ask(alice, "Which was better?", model="gpt-5.4", conversation=sent.message.conversation)
    answered(third)
    assert fake_upstream.bodies[2]["messages"] == [
        {"role": "user", "content": "A dog"},
        {"role": "assistant", "content": "Here it is.\n\n[Image: A dog]"},
        {"role": "user", "content": "Now a cat"},
        {"role": "assistant", "content": "[Image: Now a cat]"},
        {"role": "user", "content": "Which was better?"},
    ]


def test_two_pictures_and_one_given_twice(alice: User, fake_upstream: FakeUpstream) -> None:
    other = picture(size=(30, 30))
    both = f"![]({data_uri(PICTURE)}) and ![]({data_uri(other)})"
    fake_upstream.script(show({"content": both, "images": [data_uri(other)]}))
    message = answered(ask(alice))
    assert [part["width"] for part in images(message)] == [60, 30]
    assert list(message.attachments.values_list("width", flat=True)) == [60, 30]
    assert message.text.strip() == "and"


def bomb() -> bytes:
    """Return an image of 900 million pixels in a few hundred bytes."""
    head = BytesIO()
    Image.new("1", (1, 1)).save(head, "PNG")
    raw = head.getvalue()
    size = (30_000).to_bytes(4) * 2
    header = b"IHDR" + size + raw[24:29]
    return raw[:12] + header + zlib.crc32(header).to_bytes(4) + raw[33:]


SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


@pytest.mark.parametrize(
    ("content", "media_type", "problem"),
    [
        (SVG, "image/svg+xml", "broken"),
        (b"<!doctype html><script>alert(1)</script>", "image/png", "broken"),
        (PICTURE[:-40], "image/png", "broken"),
        (bomb(), "image/png", "too_large"),
        (b"", "image/png", "broken"),
    ],
)
def test_data_that_is_no_whole_image_is_told_in_its_place(
    alice: User, fake_upstream: FakeUpstream, content: bytes, media_type: str, problem: str
) -> None:
    image = {"image_url": {"url": data_uri(content, media_type)}}
    fake_upstream.script(show({"content": "Here", "images": [image]}))
    message = answered(ask(alice))
    assert images(message) == [{"type": "image", "alt": PROMPT, "problem": problem}]
    assert message.text == "Here"
    assert not Attachment.objects.exists()


def test_a_picture_over_the_limit_fails_the_answer(
    alice: User, fake_upstream: FakeUpstream
) -> None:
    fake_upstream.script(show({"content": "data:image/png;base64," + "A" * 34_000_000}))
    run = ended(ask(alice).generation)
    assert (run.status, run.error_kind) == ("failed", "too_large")
    assert not Attachment.objects.exists()


def test_a_connection_that_breaks_off_leaves_no_half_picture(
    alice: User, fake_upstream: FakeUpstream
) -> None:
    whole = completion(messages(PICTURE)["images"])
    for at in (1, len(whole) // 2, len(whole) - 1):
        cut = behaviours.body(whole[:at], content_type="application/json", ends=False)
        fake_upstream.script(cut, cut, cut)
        run = ended(ask(alice).generation)
        assert run.status == "failed"
        assert not Attachment.objects.exists()


@pytest.mark.parametrize("shape", ["data_uri", "images", "parts", "b64_json"])
def test_pictures_that_trickle_in_are_whole(
    alice: User, fake_upstream: FakeUpstream, shape: str
) -> None:
    """Send each byte in a packet of its own."""
    whole = completion(with_words(messages(picture(size=(2, 2)))[shape], "Here"))
    pieces = [whole[at : at + 1] for at in range(len(whole))]
    fake_upstream.script(behaviours.body(*pieces, content_type="application/json", delay=0))
    [part] = images(answered(ask(alice)))
    assert (part["width"], part["height"]) == (2, 2)


def test_refusals_are_errors_with_reasons(alice: User, fake_upstream: FakeUpstream) -> None:
    words = "Your request was rejected by our safety system."
    error = {"message": words, "type": "image_generation_user_error", "code": "moderation_blocked"}
    fake_upstream.fail(400, {"error": error})
    run = ended(ask(alice).generation)
    assert (run.error_kind, run.error_detail) == ("refused_by_policy", words)
    fake_upstream.script(show({"content": None}, finish="content_filter"))
    assert ended(ask(alice).generation).error_kind == "refused_by_policy"


@pytest.fixture
def gallery(settings: Settings) -> FakeSite:
    site = FakeSite()
    site.start()
    settings.TOOL_ALLOWED_HOSTS = (f"127.0.0.1:{site.port}",)
    return site


@pytest.mark.parametrize(
    "message",
    [
        {"content": "![a dog]({url})"},
        {"content": "{url}"},
        {"content": "Here it is: {url}"},
        {"content": [{"type": "image_url", "image_url": {"url": "{url}"}}]},
        {"content": None, "images": [{"type": "image_url", "image_url": {"url": "{url}"}}]},
    ],
)
def test_a_picture_that_lies_elsewhere_is_fetched(
    alice: User, fake_upstream: FakeUpstream, gallery: FakeSite, message: dict[str, object]
) -> None:
    gallery.pages["/1.png?v=2"] = serve(PICTURE, "application/octet-stream")
    url = f"{gallery.url}/1.png?v=2"
    fake_upstream.script(show(json.loads(json.dumps(message).replace("{url}", url))))
    answer = answered(ask(alice))
    [part] = images(answer)
    assert (part["width"], part["height"]) == (60, 40)
    assert gallery.url not in json.dumps(answer.parts)
    [request] = gallery.requests
    assert "x-api-key" not in request.headers
    gallery.stop()


def test_what_cannot_be_fetched_is_a_link(
    alice: User, fake_upstream: FakeUpstream, gallery: FakeSite
) -> None:
    gallery.pages["/page.png"] = serve("<h1>No picture</h1>")
    for path, problem in [("/gone.png", "unreachable"), ("/page.png", "broken")]:
        url = f"{gallery.url}{path}"
        fake_upstream.script(show({"content": f"![]({url})"}))
        [part] = images(answered(ask(alice)))
        assert part == {"type": "image", "alt": PROMPT, "problem": problem, "url": url}
    gallery.stop()
    # This address is not fetched, because it is not public.
    fake_upstream.script(show({"content": "![](http://127.0.0.2/secret.png)"}))
    assert images(answered(ask(alice)))[0]["problem"] == "unreachable"


def test_a_chat_model_s_links_are_never_fetched(
    alice: User, fake_upstream: FakeUpstream, gallery: FakeSite
) -> None:
    gallery.pages["/1.png"] = serve(PICTURE, "image/png")
    fake_upstream.say(f"![the secret]({gallery.url}/1.png)")
    message = answered(ask(alice, model="gpt-5.4"))
    assert images(message) == []
    assert gallery.requests == []
    gallery.stop()


def test_stop_ends_an_image_that_is_being_made(alice: User, fake_upstream: FakeUpstream) -> None:
    gate = Hold()
    fake_upstream.script(behaviours.say("never", hold=gate))
    sent = ask(alice)
    assert gate.wait_reached()
    stop_generation(sent.generation)
    assert answered(sent, "stopped").parts == []
    assert fake_upstream.requests[0].wait_closed()
    assert UsageRecord.objects.get().total_tokens == 0


def test_the_file_is_erased_with_its_versions_and_its_conversation(
    alice: User, fake_upstream: FakeUpstream, running_engine: EngineThread
) -> None:
    fake_upstream.script(show_picture(PICTURE, "images", "Mine"), show_picture(picture()))
    sent = ask(alice)
    first = answered(sent)
    again = regenerate(
        user=alice,
        message=first,
        model=LanguageModel.objects.get(name="gpt-image-1"),
        session_key=session_of(alice),
    )
    assert images(answered(again)) != images(first)
    edited = revise_answer(message=first, revision=Revision(new_id(), "In my words"))
    assert edited.text == "In my words"
    assert images(edited) == images(first)
    assert edited.attachments.get().digest == first.attachments.get().digest
    digests = {digest for row in Attachment.objects.all() for digest in (row.digest, row.thumbnail)}
    assert len(digests) == 4
    running_engine.call(lambda: file_sweep.sweep(grace=-1))
    assert all(file_store.path_of(digest).exists() for digest in digests)
    Conversation.objects.update(leaf=None)
    Conversation.objects.all().delete()
    running_engine.call(lambda: file_sweep.sweep(grace=-1))
    assert not any(file_store.path_of(digest).exists() for digest in digests)


def test_the_usage_of_an_image_is_in_the_ledger(alice: User, fake_upstream: FakeUpstream) -> None:
    fake_upstream.script(show_picture(PICTURE))
    answered(ask(alice))
    [row] = UsageRecord.objects.all()
    assert (row.purpose, row.model_name, row.total_tokens) == ("chat", "gpt-image-1", 22)
    assert not row.is_estimated


def test_a_run_that_lost_its_lease_stores_no_image(
    alice: User, fake_upstream: FakeUpstream
) -> None:
    gate = Hold()

    async def late(reply: Reply) -> None:
        await gate.passed()
        await show_picture(PICTURE)(reply)

    fake_upstream.script(late)
    sent = ask(alice)
    assert gate.wait_reached()
    Generation.objects.filter(pk=sent.generation.pk).update(lease_owner=new_id())
    gate.release()
    wait_for(lambda: not registry.runs())
    assert not Attachment.objects.exists()
