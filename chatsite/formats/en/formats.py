"""The day before the month, and the clock of 24 hours.

Django's English is American, and a page that says "20:07" beside a message would say "8:07 p.m."
under it. Where a script runs, <local-time> has the reader's own variety.
"""

from __future__ import annotations

DATE_FORMAT = "j F Y"
SHORT_DATE_FORMAT = "j M Y"
MONTH_DAY_FORMAT = "j F"
TIME_FORMAT = "H:i"
DATETIME_FORMAT = "j F Y, H:i"
SHORT_DATETIME_FORMAT = "j M Y, H:i"
