"""Evidence notes say what content section 4 says and no more. No clinician has reviewed them, so a changed
word has to be changed here as well, by somebody who has looked at the source."""

import pytest
from content_shelf import Block, emails

RELIEF = "the relief people report is real, the hormone story is not needed."
SMALL = "The effect was “very small”, mostly not distinguishable from zero, and unlikely to explain benefits."

# Source, its year (None: the page carries none) -> address, what may be claimed, how strong it may be called.
NOTES = {
    ("Moyer and others, Journal of Bodywork and Movement Therapies 15", 2011): (
        "https://doi.org/10.1016/j.jbmt.2010.06.001",
        {
            f"A 2011 review found little effect on cortisol; {RELIEF}",
            # To clients, hormones are never named.
            RELIEF.capitalize(),
        },
        SMALL,
    ),
    ("Moyer, Rounds and Hannum, Psychological Bulletin 130", 2004): (
        "https://doi.org/10.1037/0033-2909.130.1.3",
        {"Single visits lowered state anxiety; courses lowered trait anxiety and depression scores."},
        "That is massage in general, not emotional release.",
    ),
    ("Massage Therapy for Health: What the Science Says", None): (
        "https://www.nccih.nih.gov/health/providers/digest/massage-therapy-for-health-science",
        {"Short-term relief of low-back pain; long-term effects not established."},
        "The evidence is weak or low-quality.",
    ),
}
PUBLISHERS = ("NCCIH, ", "National Center for Complementary and Integrative Health (US), ")
SHOWN = [
    (f"{email.place}/{block['key']}", block)
    for email in emails()
    for block in email.blocks
    if block["type"] == "evidence"
]


def source(block: Block) -> str:
    """The source without the publisher, who has a long name for clients and a short one for staff."""
    named: str = block["source"]
    for publisher in PUBLISHERS:
        named = named.removeprefix(publisher)
    return named


@pytest.mark.parametrize(("place", "block"), SHOWN, ids=[place for place, _ in SHOWN])
def test_an_evidence_note_claims_what_its_source_allows(place: str, block: Block) -> None:
    url, claims, strength = NOTES[source(block), block.get("year")]
    assert block["url"] == url
    assert block["claim"] in claims
    assert block["strength"] == strength


def test_every_note_that_may_be_shown_is_shown() -> None:
    assert {(source(block), block.get("year")) for _, block in SHOWN} == set(NOTES)
