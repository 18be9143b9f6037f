"""The content of the screenshots: messages, titles, and the elements to open on a page."""

from __future__ import annotations

from conversations.actions.http_tools import ToolFields

OTHERS = (
    "Returns policy in three sentences",
    "Why is this query slow?",
    "Names for the winter menu",
    "供应商报价邮件",
)
QUESTION = (
    "On 12 December we expect 412 chats in the busiest hour, 384 seconds each. How many people "
    "do we need on chat? Show how you get there."
)
QUESTION_ZH = "双十二当天最忙的半小时预计有 412 次会话，每次约 6.4 分钟。客服要排多少人？"
REASONING = {
    "en": "Offered load is 412 × 384 s / 1800 s ≈ 87.9 Erlangs. Then Erlang C for the wait.",
    "zh": "话务量为 412 × 384 / 1800 ≈ 87.9 爱尔兰，再用爱尔兰 C 公式估算等待。",
}
ANSWER_ZH = """按每次 6.4 分钟计算，最忙的半小时需要 **94 人同时在线**，八成顾客才能在 20 秒内接通。

## 怎么算

话务量 $A = \\frac{412 \\times 384}{1800} \\approx 87.9$，再加上应对波动的余量：

| 人数 | 20 秒内接通 | 平均等待 |
|---:|---:|---:|
| 90 | 41% | 96 秒 |
| 94 | 80% | 18 秒 |
| 98 | 94% | 5 秒 |

```python
def load(calls: int, seconds: float) -> float:
    return calls * seconds / 1800  # 半小时
```

1. 另加 **12%** 的休息与培训损耗，共排 106 人。
2. 晚上 7 点半到 9 点半之间错开休息。

> 多排六个人，换来的是顾客少等一分多钟。
"""
PICTURE = "A lighthouse among the hills at dusk, in the colours of a winter menu"
TICKET = ToolFields(
    name="create_ticket",
    description="Opens a ticket at the help desk",
    schema="""{
  "type": "object",
  "properties": {
    "title": {"type": "string"},
    "seats": {"type": "integer", "minimum": 1}
  },
  "required": ["title", "seats"]
}""",
    method="POST",
    url_template="https://desk.example.com/tickets",
)
TICKET_ARGUMENTS = '{"title": "Seats for Double 12", "seats": 6}'
# Selectors that are clicked before the screenshot.
OPENERS = {
    "11-drawer": "header [popovertarget=sidebar]",
    "14-model-picker": "[popovertarget=picker]",
    "16-composer-params": "[popovertarget=params]",
}
KEYS = {"17-palette": "Control+k"}
FROM_THE_TOP = {"01-conversation", "09-conversation-zh"}
