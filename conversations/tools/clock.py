"""The clock tool: the date and time in any zone, which models do not know."""

from __future__ import annotations

import datetime
import difflib
import json
import zoneinfo
from collections.abc import Callable

from conversations.tools.base import Arguments, Tool, ToolError, schema

NAME = "current_time"
_DESCRIPTION = (
    "Get the current date, time and weekday, in the user's time zone or in a named one. "
    "Use it whenever the answer depends on today's date or the time."
)
_ZONE = {
    "type": "string",
    "description": 'An IANA name such as "Asia/Shanghai"; left out: the user\'s own zone.',
}


def clock(own_zone: str, now: Callable[[], datetime.datetime]) -> Tool:
    """Return the tool for a user in the zone `own_zone`; `now` returns an aware time."""

    async def run(arguments: Arguments) -> str:
        zone = _zone(str(arguments.get("zone") or own_zone))
        return _told(now().astimezone(zone), zone.key)

    return Tool(NAME, _DESCRIPTION, schema({"zone": _ZONE}), run)


def _zone(name: str) -> zoneinfo.ZoneInfo:
    known = zoneinfo.available_timezones()
    by_folded = {each.casefold(): each for each in known}
    found = by_folded.get(name.strip().replace(" ", "_").casefold())
    if found is not None:
        return zoneinfo.ZoneInfo(found)
    cities = {each.rpartition("/")[2].casefold(): each for each in sorted(known)}
    key = name.rpartition("/")[2].strip().replace(" ", "_").casefold()
    near = [cities[each] for each in difflib.get_close_matches(key, cities, n=3)]
    hint = f" Did you mean {' or '.join(near)}?" if near else ""
    raise ToolError(f'there is no time zone named "{name[:100]}".{hint} Give an IANA name.')


def _told(moment: datetime.datetime, zone: str) -> str:
    offset = moment.strftime("%z")
    return json.dumps(
        {
            "date": moment.date().isoformat(),
            "time": moment.strftime("%H:%M:%S"),
            "weekday": moment.strftime("%A"),
            "iso_week": moment.isocalendar().week,
            "time_zone": zone,
            "utc_offset": f"{offset[:3]}:{offset[3:5]}",
        }
    )
