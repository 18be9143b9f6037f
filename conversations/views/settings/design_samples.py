"""The texts of the design page: an answer with every kind of block."""

from __future__ import annotations

QUESTION = "How many agents do we need on Double 12 to answer 80% of chats within 30 seconds?"

BEGINNING = "Plan for **50 agents** in the 20:00 hour. That answers 82% of chats within"

ANSWER = r"""Plan for **50 agents** in the 20:00 hour. That answers 82% of chats within
30 seconds and keeps occupancy at 88%, which people can sustain for *an hour or two*.[^1]

## What the peak looks like

| Scenario | Chats / h | Agents | In 30 s |
| --- | ---: | ---: | ---: |
| Normal evening | 180 | 24 | 85% |
| Shoulder, 18:00 | 305 | 38 | 83% |
| **Peak, 20:00** | 412 | **50** | 82% |

### The maths

Offered load is arrivals times handling time, $A = 43.9$ erlangs. Erlang C gives the chance to wait:

$$P_\text{wait} = \frac{\frac{A^N}{N!} \cdot \frac{N}{N - A}}{\sum_{k=0}^{N-1} \frac{A^k}{k!}}$$

```python
from math import factorial

def erlang_c(agents: int, load: float) -> float:
    \"\"\"Chance that a customer has to wait at all.\"\"\"
    return load**agents / factorial(agents)  # the upper half
```

1. Ask Hangzhou for six people.
2. Keep [the plan](https://example.org/plan) at hand:
   - `staffing.py` computes it,
   - finance ~~guesses~~ checks it.

- [x] Arrivals of November
- [ ] Roster of December

> 双十二当天，晚上八点**最忙**。*提前一周*排班，并留出机动人员。

[^1]: Measured in November.
""".replace('\\"', '"')
