"""Whatever goes wrong: nothing is lost, nothing is doubled, and every outcome tells the truth (P2, P3)."""

from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from posting import outgoing, sender_to

from aftercare.domain.outcomes import Accepted, Unknown
from aftercare.testing.smtp import Fault, RecordingServer, Script, Step

REPLIES = ["", "421 4.3.2 bye", "450 4.2.1 later", "550 5.1.1 no", "250 yes", "354 go", "what?"]
STEPS = st.sampled_from([Step.CONNECT, Step.EHLO, Step.MAIL, Step.RCPT, Step.DATA, Step.DOT])
FAULTS = st.builds(
    Fault,
    at=STEPS,
    reply=st.sampled_from(REPLIES),
    drop=st.booleans(),
    times=st.integers(1, 3),
    skip=st.integers(0, 5),
)


@pytest.mark.parametrize("pipelining", [True, False], ids=["pipelining", "one by one"])
@settings(max_examples=60)
@given(faults=st.lists(FAULTS, max_size=4), eager=st.booleans(), kept_at_the_dot=st.booleans())
def test_every_message_gets_one_outcome_and_it_is_true(
    pipelining: bool, faults: list[Fault], eager: bool, kept_at_the_dot: bool
) -> None:
    if kept_at_the_dot:
        faults = [*faults, Fault(Step.DOT, drop=True, store=True, skip=2)]
    with RecordingServer(Script(pipelining=pipelining, eager_data=eager, faults=faults)) as server:
        sender = sender_to(server.url)
        fates = [fate for start in (0, 5) for fate in sender.send([outgoing(start + n) for n in range(5)])]
        sender.close()
    copies = Counter(message.rcpt_tos[0] for message in server.received)
    assert sorted(key for key, _ in fates) == sorted(f"m{number}" for number in range(10))
    for key, outcome in fates:
        allowed = {0, 1} if isinstance(outcome, Unknown) else {int(isinstance(outcome, Accepted))}
        assert copies[key.replace("m", "r") + "@example.org"] in allowed, (key, outcome)
