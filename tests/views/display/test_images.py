"""Generated images on the pages: shown, opened, downloaded, shared and exported."""

from __future__ import annotations

import re
from collections.abc import Callable
from io import BytesIO

import pytest
from django.test import Client
from PIL import Image

from conversations import file_store
from conversations.actions import forks, sharing
from conversations.generation.images.store import _decoded, _put_files
from conversations.models import (
    Attachment,
    AuditEntry,
    Conversation,
    Generation,
    LanguageModel,
    Message,
    User,
)
from conversations.models.sharing import SharingPolicy
from conversations.upstream.answer.parts import ImagePart, TextPart, ToolCallPart, to_json
from tests.branches import conversation_of
from tests.file_reading.files import picture
from tests.html import tight
from tests.transfer.exporting import Download

SignIn = Callable[[User], Client]
PROMPT = 'A <dog> "in ink"'


def give(message: Message, *, model: str = "", size: tuple[int, int] = (60, 40)) -> Attachment:
    """A picture beside an answer, kept as the engine keeps it."""
    row = _put_files(*_decoded(picture(size=size)), PROMPT)
    row.message, row.owner = message, message.conversation.owner
    row.save()
    part = ImagePart(row.digest, PROMPT, *size, model=model)
    message.parts = to_json([TextPart("Here it is."), part])
    message.save()
    return row


@pytest.fixture
def answer(alice: User) -> Message:
    leaf = conversation_of(alice, pairs=1, title="Dogs").leaf
    assert leaf
    return leaf


@pytest.fixture
def file(answer: Message) -> Attachment:
    return give(answer)


def page_of(user: User, signed_in: SignIn) -> str:
    conversation = Conversation.objects.get(owner=user)
    return tight(signed_in(user).get(f"/c/{conversation.pk}/").content.decode())


def test_a_figure_with_its_small_copy_and_its_ways(
    alice: User, file: Attachment, signed_in: SignIn
) -> None:
    page = page_of(alice, signed_in)
    url = f"/attachments/{file.pk}/"
    [image] = re.findall(r'<img src="/attachments[^>]*>', page)
    assert image == (
        f'<img src="{url}?thumbnail" width="60" height="40" '
        'alt="A &lt;dog&gt; &quot;in ink&quot;" loading="lazy" decoding="async">'
    )
    assert page.count(f'href="{url}" target="_blank" rel="noopener" data-view') == 2
    assert f'href="{url}" download' in page
    assert page.index("Here it is.") < page.index(image)


def test_what_a_tool_has_made_stands_beside_its_call(
    alice: User, answer: Message, signed_in: SignIn
) -> None:
    give(answer, model="gpt-image-1")
    answer.parts.insert(0, to_json([ToolCallPart("a", "make_image", "{}")])[0])
    answer.save()
    page = page_of(alice, signed_in)
    assert page.index('class="steps"') < page.index("?thumbnail") < page.index("Here it is.")
    assert "60 × 40 · <bdi>gpt-image-1</bdi>" in page
    steps = signed_in(alice).get(f"/c/{answer.conversation_id}/messages/{answer.pk}/steps/")
    assert "?thumbnail" in steps.content.decode()


def test_the_file_and_its_small_copy(alice: User, file: Attachment, signed_in: SignIn) -> None:
    for query, form in [("", "PNG"), ("?thumbnail", "WEBP")]:
        served = signed_in(alice).get(f"/attachments/{file.pk}/{query}")
        assert Image.open(BytesIO(served.content)).format == form
        assert served["Content-Type"] == f"image/{form.lower()}"
        assert served["X-Content-Type-Options"] == "nosniff"
        assert served["Content-Security-Policy"].startswith("sandbox;")
        assert served["Content-Disposition"].startswith("inline; filename=")
    file_store.remove(file.thumbnail)
    assert signed_in(alice).get(f"/attachments/{file.pk}/?thumbnail").status_code == 404


def test_strangers_find_nothing_and_administrators_leave_a_trace(
    bob: User, rita: User, file: Attachment, signed_in: SignIn
) -> None:
    for query in ("", "?thumbnail"):
        assert signed_in(bob).get(f"/attachments/{file.pk}/{query}").status_code == 404
        assert Client().get(f"/attachments/{file.pk}/{query}").status_code == 302
    assert not AuditEntry.objects.exists()
    assert signed_in(rita).get(f"/attachments/{file.pk}/?thumbnail").status_code == 200
    assert AuditEntry.objects.get().kind == "conversation_opened"


def test_an_administrator_reads_it_in_the_transcript(
    rita: User, file: Attachment, answer: Message, signed_in: SignIn
) -> None:
    url = f"/admin/conversations/conversation/{answer.conversation_id}/change/"
    page = signed_in(rita).get(url, follow=True).content.decode()
    assert f"/attachments/{file.pk}/?thumbnail" in page


def test_a_share_and_a_copy_of_it(
    bob: User, rita: User, answer: Message, file: Attachment, signed_in: SignIn
) -> None:
    alice = answer.conversation.owner
    sharing.change_audience(SharingPolicy.Audience.PUBLIC, actor=rita)
    link = sharing.share(answer.conversation, until=answer, user=alice, terms=sharing.Terms())
    page = Client().get(f"/share/{link.token}/").content.decode()
    [address] = re.findall(r'<img src="(/share/[^"?]*)\?thumbnail"', page)
    assert Client().get(address)["Content-Type"] == "image/png"
    assert Client().get(f"{address}?thumbnail")["Content-Type"] == "image/webp"
    assert str(file.pk) not in page
    signed_in(bob).post(f"/share/{link.token}/copy/")
    assert "?thumbnail" in page_of(bob, signed_in)


def test_a_branch_of_pictures_alone(alice: User, answer: Message, file: Attachment) -> None:
    Message.objects.filter(pk=answer.pk).update(parts=[answer.parts[1]])
    copy = forks.fork(Message.objects.get(pk=answer.pk))
    assert copy.leaf
    assert copy.leaf.parts == [answer.parts[1]]
    assert copy.leaf.attachments.get().digest == file.digest


@pytest.mark.django_db(transaction=True)
def test_exports_hold_it(alice: User, answer: Message, file: Attachment) -> None:
    base = f"/c/{answer.conversation_id}/export"
    html = Download(alice, f"{base}/html/").text
    assert '<img src="data:image/webp;base64,' in html
    assert "img-src data:;" in html
    assert "/attachments/" not in html
    markdown = Download(alice, f"{base}/markdown/").text
    assert 'Here it is.\n\n*[Image: A \\<dog\\> "in ink"]*' in markdown
    assert "Attached:" not in markdown
    text = Download(alice, f"{base}/json/").text
    assert f'"digest":"{file.digest}"' in text
    printed = Download(alice, f"/c/{answer.conversation_id}/print/").text
    assert f'<img src="/attachments/{file.pk}/?thumbnail"' in printed
    file_store.remove(file.thumbnail)
    assert "An image that is gone." in Download(alice, f"{base}/html/").text


def run_of(message: Message, **columns: object) -> Generation:
    model = LanguageModel.objects.get(name="gpt-image-1")
    message.generations.all().delete()
    return Generation.objects.create(
        message=message, model=model, model_name=model.name, connection_name="Fake", **columns
    )


def test_what_is_not_there_is_told(alice: User, answer: Message, signed_in: SignIn) -> None:
    run_of(answer, status="completed", finish_reason="stop")
    for problem, sentence in {
        "broken": "The image is damaged and can’t be shown. Ask again.",
        "too_large": "The image is too large to show. Ask for a smaller one.",
        "unreachable": "The image is on another server and couldn’t be fetched.",
    }.items():
        url = "https://pictures.example/1.png?a=1&b=2"
        answer.parts = to_json([ImagePart(alt=PROMPT, problem=problem, url=url)])
        answer.save()
        page = page_of(alice, signed_in)
        assert sentence in page
        assert "<img" not in page[page.index(sentence) - 200 :].partition("</article>")[0]
        link = '<a href="https://pictures.example/1.png?a=1&amp;b=2" target="_blank"'
        assert f'{link} rel="noopener noreferrer nofollow">' in page
    answer.parts = to_json([ImagePart("0" * 64, PROMPT, 1, 1)])
    answer.save()
    assert "The image is gone." in page_of(alice, signed_in)


def test_words_in_place_of_a_picture(alice: User, answer: Message, signed_in: SignIn) -> None:
    run_of(answer, status="completed", finish_reason="stop")
    assert "gpt-image-1 replied with text and made no image." in page_of(alice, signed_in)
    give(answer)
    assert "made no image" not in page_of(alice, signed_in)


def test_failures_have_sentences_for_pictures(
    alice: User, answer: Message, signed_in: SignIn
) -> None:
    run_of(answer, status="failed", error_kind="too_large")
    assert "The image is too large" in page_of(alice, signed_in)
    run_of(answer, status="failed", error_kind="refused_by_policy", error_status=400)
    page = page_of(alice, signed_in)
    assert "gpt-image-1 declined to reply" in page
    assert "Rephrase it" in page


def test_a_picture_on_its_way_tells_how_long(
    alice: User, answer: Message, signed_in: SignIn
) -> None:
    run_of(answer, status="running")
    page = page_of(alice, signed_in)
    assert "Making the image. This can take two minutes." in page
    assert re.search(r'<elapsed-time aria-hidden="true" data-seconds="\d">', page)
    model = LanguageModel.objects.get(name="gpt-5.4")
    Generation.objects.update(model=model)
    assert "Waiting for the first word" in page_of(alice, signed_in)


def test_in_chinese(alice: User, file: Attachment, signed_in: SignIn) -> None:
    User.objects.filter(pk=alice.pk).update(language="zh-hans")
    page = page_of(alice, signed_in)
    assert "打开图片" in page
    assert "下载图片" in page
