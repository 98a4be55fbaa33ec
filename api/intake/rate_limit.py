"""A limit on how fast one phone may send: far above what a person can do.

Counted in each worker by credential, so a runaway phone is asked to wait (429) while everyone
else's reports go through. Import keys and data managers are not counted: they send many people's.
"""

import math
import time

from limits import RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import FixedWindowRateLimiter

from api.auth.principal import Principal
from api.problems import TOO_MANY, Problem
from schemas.credential import Role

REQUESTS = 6000
"""Per minute, of one observer."""


class RateLimit:
    """Counts the requests of observers."""

    def __init__(self, requests: int = REQUESTS) -> None:
        self._limit = RateLimitItemPerMinute(requests)
        self._limiter = FixedWindowRateLimiter(MemoryStorage())

    def check(self, who: Principal) -> None:
        """Raise a problem (429, with Retry-After) where one phone sends too fast."""
        if who.role != Role.OBSERVER:
            return
        key = str(who.holder_id)
        if self._limiter.hit(self._limit, key):
            return
        reset = self._limiter.get_window_stats(self._limit, key).reset_time
        wait = str(max(1, math.ceil(reset - time.time())))
        raise Problem(TOO_MANY, "This phone sends too fast.", headers={"Retry-After": wait})
