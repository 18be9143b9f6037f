"""Refusals of images as servers put them, and refusals of something else."""

from __future__ import annotations

import json

import pytest

from conversations.upstream.errors import ErrorKind
from conversations.upstream.failures.classify import classify

REFUSALS = [
    (400, "Invalid content type. image_url is only supported by certain models."),
    (400, "This model does not support image input."),
    (400, "Model gpt-oss does not support vision"),
    (404, "No endpoints found that support image input"),
    (400, "At most 0 image(s) may be provided in one prompt."),
    (400, "deepseek-chat is not a multimodal model"),
    (422, "messages[0]: unknown variant `image_url`, expected `text`"),
    (500, "image input is not supported - hint: if this is unexpected, you may need the mmproj"),
    (400, "Invalid value: 'image_url'. Supported values are: 'text'."),
    (400, "该模型不支持图片输入"),
    (400, "Image inputs are not supported by this model"),
]
OTHERS = [
    (400, "The image is too large: at most 20 MB"),
    (400, "Invalid image: it could not be decoded"),
    (400, "You uploaded an unsupported image. Please make sure your image has png format."),
    (400, "Unsupported value: 'temperature' does not support 0.2 with this model."),
    (429, "Rate limit reached for images"),
    (401, "This key does not support image input"),
    (400, "image_url.url must be a valid URL"),
]


def kind_of(status: int, words: str) -> ErrorKind:
    return classify(status, {}, json.dumps({"error": {"message": words}})).kind


@pytest.mark.parametrize(("status", "words"), REFUSALS)
def test_a_refusal_of_images_is_known(status: int, words: str) -> None:
    assert kind_of(status, words) is ErrorKind.IMAGES_REFUSED


@pytest.mark.parametrize(("status", "words"), OTHERS)
def test_a_refusal_of_something_else_is_none(status: int, words: str) -> None:
    assert kind_of(status, words) is not ErrorKind.IMAGES_REFUSED
