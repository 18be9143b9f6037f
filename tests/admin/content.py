"""Conversations for the tests of the admin and the review, harmless and hostile."""

from __future__ import annotations

from conversations.models import Conversation, Generation, LanguageModel, Message, User

HOSTILE = '<script>window.__xss=1</script><img src="/x" onerror="window.__xss=1">\u202eevil'


def converse(
    owner: User, *, title: str = "Travel", asked: str = "Where to?", **run: str
) -> Conversation:
    """Add a question and its answer, which is completed unless ``run`` says otherwise."""
    model = LanguageModel.objects.get(name="gpt-4o")
    row = Conversation.objects.create(owner=owner, title=title, model=model)
    question = Message.objects.create(
        conversation=row, role="user", parts=[{"type": "text", "text": asked}]
    )
    answer = Message.objects.create(
        conversation=row,
        role="assistant",
        parent=question,
        parts=[{"type": "reasoning", "text": "Hm"}, {"type": "text", "text": f"To **{asked}**"}],
    )
    Generation.objects.create(
        message=answer, **{"status": "completed", "model": model, "model_name": "gpt-4o", **run}
    )
    row.leaf = answer
    row.save()
    return row
