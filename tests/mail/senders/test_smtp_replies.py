import pytest
from hypothesis import given
from hypothesis import strategies as st

from aftercare.domain.outcomes import Accepted, Blame, Outcome, Permanent, Transient, Unknown
from aftercare.mail.senders.replies import Phase, Reply, judge

MAIL, RCPT, DATA, DOT, OPENING = Phase.MAIL, Phase.RCPT, Phase.DATA, Phase.DOT, Phase.OPENING


@pytest.mark.parametrize("code", ["5.1.1", "5.1.2", "5.1.3", "5.1.6", "5.1.10", "5.2.1"])
@pytest.mark.parametrize("phase", [RCPT, DOT])
def test_an_address_that_does_not_work_is_a_hard_bounce_of_the_recipient(phase: Phase, code: str) -> None:
    assert judge(phase, Reply(550, f"{code} no such user")) == Permanent(f"smtp_550_{code}", Blame.RECIPIENT)


@pytest.mark.parametrize("code", ["5.7.1", "5.7.26", "5.7.515", "5.7.0"])
@pytest.mark.parametrize("phase", [MAIL, RCPT, DATA, DOT])
def test_policy_and_reputation_never_blame_the_person(phase: Phase, code: str) -> None:
    assert judge(phase, Reply(550, f"{code} denied")) == Permanent(f"smtp_550_{code}", Blame.SENDER)


@pytest.mark.parametrize(
    ("phase", "code", "text", "kind", "blames"),
    [
        (MAIL, 421, "4.3.2 shutting down", Transient, Blame.CONNECTION),
        (DOT, 421, "4.7.0 try later", Transient, Blame.CONNECTION),
        (RCPT, 450, "4.2.1 busy", Transient, Blame.RECIPIENT),
        (RCPT, 450, "greylisted", Transient, Blame.RECIPIENT),
        (RCPT, 451, "4.7.1 greylisted", Transient, Blame.SENDER),
        (RCPT, 452, "4.2.2 over quota", Transient, Blame.RECIPIENT),
        (RCPT, 552, "5.2.2 over quota", Transient, Blame.RECIPIENT),
        (DOT, 552, "5.2.2 over quota", Transient, Blame.RECIPIENT),
        (RCPT, 552, "mailbox full", Transient, Blame.RECIPIENT),
        (RCPT, 452, "insufficient system storage", Transient, Blame.CONNECTION),
        (RCPT, 451, "4.3.0 local error", Transient, Blame.CONNECTION),
        (DOT, 451, "4.4.1 no route", Transient, Blame.CONNECTION),
        (DOT, 450, "later", Transient, Blame.CONNECTION),
        (RCPT, 450, "Rate limit exceeded", Transient, Blame.SENDER),
        (RCPT, 550, "5.4.5 Daily sending quota exceeded", Permanent, Blame.SENDER),
        (RCPT, 550, "no such user", Permanent, Blame.RECIPIENT),
        (RCPT, 550, "5.4.1 access denied", Permanent, Blame.RECIPIENT),
        (RCPT, 554, "5.3.2 system not accepting", Permanent, Blame.CONNECTION),
        (RCPT, 501, "bad syntax", Permanent, Blame.SENDER),
        (RCPT, 553, "5.1.8 sender domain", Permanent, Blame.SENDER),
        (MAIL, 550, "who are you", Permanent, Blame.SENDER),
        (MAIL, 553, "5.1.1 odd", Permanent, Blame.SENDER),
        (MAIL, 450, "later", Transient, Blame.SENDER),
        (MAIL, 552, "5.3.4 too big", Permanent, Blame.CONTENT),
        (MAIL, 552, "too big", Permanent, Blame.CONTENT),
        (DOT, 552, "too big", Permanent, Blame.CONTENT),
        (DOT, 554, "5.6.0 bad MIME", Permanent, Blame.CONTENT),
        (DOT, 554, "Message not allowed - Invalid Subject header", Permanent, Blame.CONTENT),
        (DATA, 554, "no", Permanent, Blame.CONTENT),
        (DOT, 550, "no", Permanent, Blame.CONTENT),
        (OPENING, 535, "5.7.8 wrong password", Transient, Blame.SENDER),
        (MAIL, 530, "5.7.0 authentication required", Transient, Blame.SENDER),
        (MAIL, 530, "5.5.1 authentication required", Transient, Blame.SENDER),
        (OPENING, 554, "5.7.1 blocked", Transient, Blame.SENDER),
        (OPENING, 554, "no service here", Transient, Blame.SENDER),
        (OPENING, 450, "busy", Transient, Blame.CONNECTION),
    ],
)
def test_the_table_knows_whose_trouble_a_refusal_is(
    phase: Phase, code: int, text: str, kind: type[Permanent] | type[Transient], blames: Blame
) -> None:
    outcome = judge(phase, Reply(code, text))
    assert isinstance(outcome, kind)
    assert outcome.blames is blames


@pytest.mark.parametrize(
    ("phase", "code", "outcome"),
    [
        (MAIL, 250, None),
        (RCPT, 251, None),
        (DATA, 354, None),
        (DOT, 250, Accepted("smtp_250")),
        (DATA, 250, Transient("smtp_250", Blame.CONNECTION)),
        (MAIL, 354, Transient("smtp_354", Blame.CONNECTION)),
        (DOT, 354, Unknown("smtp_354")),
    ],
)
def test_what_is_no_refusal_goes_on_is_success_or_is_not_understood(
    phase: Phase, code: int, outcome: Outcome | None
) -> None:
    assert judge(phase, Reply(code, "")) == outcome


@given(st.sampled_from(Phase), st.integers(400, 599), st.text(max_size=40))
def test_every_refusal_has_a_row_and_a_machine_word(phase: Phase, code: int, text: str) -> None:
    outcome = judge(phase, Reply(code, f"{text} ann@example.org"))
    assert isinstance(outcome, Permanent | Transient)
    assert "@" not in outcome.reason
    assert outcome.reason.startswith(f"smtp_{code}")
    assert isinstance(outcome, Transient) or code >= 500


@pytest.mark.parametrize("text", ["5.1.1", "5.1.1 x", "5.1.1\nmore"])
def test_the_enhanced_code_is_found_in_front_only(text: str) -> None:
    assert Reply(550, text).enhanced == "5.1.1"
    assert Reply(550, "see 5.1.1").enhanced == ""
    assert Reply(550, "5.1.1.7 is an address").enhanced == ""
