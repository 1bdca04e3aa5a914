"""A booking program that logs sessions over REST and never gives up: every request that failed, or whose
answer never came, is sent again with the same Idempotency-Key."""

import time
from collections import Counter
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx

THREADS = 4
TIMEOUT_SECONDS = 5.0
AGAIN_AFTER_SECONDS = 0.2
POLL_SECONDS = 0.02
PATIENCE_SECONDS = 120.0
ENDED_AGO = timedelta(hours=3)
"""The first email of the sequence comes three hours after the session: it is due when it is planned."""

CONSENT = {"topics": ["aftercare"], "source": "intake form", "wording": "Yes, please."}


@dataclass
class Loader:
    """`count` clients `<tag>-<number>@example.com`, each with one session that ended three hours ago.

    `rate`: sessions per second, over all threads, while nothing fails. What became of it is kept in lists,
    to which several threads can append at once."""

    url: str
    token: str
    tag: str
    count: int
    rate: float
    allowed: int = 0
    """It waits when it has begun so many."""
    sessions: list[str] = field(default_factory=list)
    """The ids that it was told."""
    attempts: list[tuple[str, float]] = field(default_factory=list)
    """What each request ended with (`201`, `replay`, `503`, `ReadTimeout`), and after how many seconds."""
    waits: list[float] = field(default_factory=list)
    """Seconds from the first attempt of each request to the answer that counted."""

    @property
    def endings(self) -> Counter[str]:
        """How many requests ended with what."""
        return Counter(ending for ending, _ in self.attempts)

    def start(self) -> list[Future[None]]:
        """Begin; the futures end with the work, or with its error."""
        pool = ThreadPoolExecutor(THREADS)
        futures = [pool.submit(self._work, range(first, self.count, THREADS)) for first in range(THREADS)]
        pool.shutdown(wait=False)
        return futures

    def _work(self, numbers: range) -> None:
        headers = {"Authorization": f"Bearer {self.token}"}
        with httpx.Client(base_url=f"{self.url}/api/v1", headers=headers, timeout=TIMEOUT_SECONDS) as client:
            for number in numbers:
                while number >= self.allowed:
                    time.sleep(POLL_SECONDS)
                start = time.monotonic()
                self._log_one(client, f"{self.tag}-{number:06}")
                time.sleep(max(0.0, THREADS / self.rate - (time.monotonic() - start)))

    def _log_one(self, client: httpx.Client, name: str) -> None:
        person = {"email": f"{name}@example.com", "first_name": "Maya", "consent": CONSENT}
        client_id = self._post(client, "/clients", person, f"client-{name}")
        ended_at = (datetime.now(UTC) - ENDED_AGO).isoformat()
        session = {"client_id": client_id, "ended_at": ended_at, "outcome": "ordinary"}
        self.sessions.append(self._post(client, "/sessions", session, f"session-{name}"))

    def _post(self, client: httpx.Client, path: str, body: dict[str, Any], key: str) -> str:
        """The id of what was made."""
        start = time.monotonic()
        while time.monotonic() - start < PATIENCE_SECONDS:
            answer = self._try(client, path, body, key)
            if answer is not None:
                self.waits.append(time.monotonic() - start)
                return str(answer.json()["id"])
            time.sleep(AGAIN_AFTER_SECONDS)
        raise TimeoutError(f"{path} was not answered within {PATIENCE_SECONDS} s")

    def _try(self, client: httpx.Client, path: str, body: dict[str, Any], key: str) -> httpx.Response | None:
        """The answer; None: to be tried again."""
        start, ending = time.monotonic(), ""
        try:
            answer = client.post(path, json=body, headers={"Idempotency-Key": key})
            ending = "replay" if "idempotency-replayed" in answer.headers else str(answer.status_code)
        except httpx.TransportError as error:
            ending = type(error).__name__
            return None
        finally:
            self.attempts.append((ending, time.monotonic() - start))
        if answer.is_client_error and "retry-after" not in answer.headers:
            answer.raise_for_status()
        return answer if answer.is_success else None
