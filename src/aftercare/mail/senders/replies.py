"""What a server's reply means for us: one table, from reply to outcome (RFC 5321 4.2, RFC 3463, P14).

The costly mistake is to blame a person for our own bad reputation, so rows about us stand above the rows
about her. A reply that no row knows is judged by the phase that it came in."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from aftercare.domain.outcomes import Accepted, Blame, Outcome, Permanent, Transient, Unknown


class Phase(StrEnum):
    """Where in the conversation we stand. OPENING is everything before the first MAIL."""

    OPENING = "opening"
    MAIL = "mail"
    RCPT = "rcpt"
    DATA = "data"
    DOT = "dot"


@dataclass(frozen=True, slots=True)
class Reply:
    """A server's whole reply. `text` may echo addresses: it is looked at here and never passed on."""

    code: int
    text: str

    @property
    def enhanced(self) -> str:
        """The status code of RFC 3463 (`5.1.1`), or an empty text where the server gave none."""
        found = re.match(r"[245]\.\d{1,3}\.\d{1,3}(?!\S)", self.text)
        return found.group() if found else ""

    @property
    def word(self) -> str:
        """The reply as a machine word without free text: `smtp_550_5.1.1`."""
        return f"smtp_{self.code}_{self.enhanced}" if self.enhanced else f"smtp_{self.code}"


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table; an empty condition fits everything. The patterns must fit from the start:
    `code` the three digits, `status` the enhanced code, `text` is searched anywhere, case ignored."""

    blames: Blame
    code: str = ""
    status: str = ""
    text: str = ""
    phases: tuple[Phase, ...] = tuple(Phase)
    lasting: bool | None = None  # None: as the first digit says

    def fits(self, phase: Phase, reply: Reply) -> bool:
        """True where every condition of this row holds."""
        return (
            phase in self.phases
            and re.match(self.code, str(reply.code)) is not None
            and re.match(self.status, reply.enhanced) is not None
            and re.search(self.text, reply.text, re.IGNORECASE) is not None
        )


AFTER_RCPT = (Phase.DATA, Phase.DOT)
TABLE = (
    Row(Blame.CONNECTION, code="421", lasting=False),
    # A wrong password or a relay that wants one: the messages are fine and wait until staff mended it.
    Row(Blame.SENDER, code="454|530|534|535|538", lasting=False),
    Row(Blame.SENDER, text=r"rate.?limit|throttl|too many (messages|emails|connections)|sending quota"),
    Row(Blame.SENDER, status=r".\.7\."),
    Row(Blame.CONTENT, status=r".\.(6\.|3\.4$|2\.3$)"),
    Row(Blame.CONTENT, code="554", text="invalid subject"),
    Row(Blame.CONTENT, code="552", status="$", phases=(Phase.MAIL, *AFTER_RCPT)),  # SIZE, RFC 1870
    Row(Blame.CONNECTION, code="4", status=r".\.[34]\."),
    Row(Blame.CONNECTION, code="451|452", status="$"),
    Row(Blame.SENDER, phases=(Phase.OPENING,), code="5"),
    Row(Blame.CONNECTION, phases=(Phase.OPENING,)),
    Row(Blame.SENDER, phases=(Phase.MAIL,)),
    Row(Blame.SENDER, status=r".\.(1\.[78]$|5\.)"),  # our envelope address, our protocol error
    Row(Blame.SENDER, code="50[0-4]", status="$"),
    Row(Blame.CONNECTION, status=r".\.3\."),  # the other system's state says nothing about her
    Row(Blame.RECIPIENT, status=r".\.2\.2$", lasting=False),  # a full mailbox is emptied one day
    Row(Blame.RECIPIENT, code="552", status="$", phases=(Phase.RCPT,), lasting=False),
    Row(Blame.RECIPIENT, status=r".\.[12]\."),
    Row(Blame.RECIPIENT, phases=(Phase.RCPT,)),
    Row(Blame.CONTENT, code="5"),
    Row(Blame.CONNECTION),
)


def judge(phase: Phase, reply: Reply) -> Outcome | None:
    """The outcome that `reply` means in `phase`; None where it only says "go on"."""
    if phase is Phase.DOT and reply.code // 100 == 2:
        return Accepted(reply.word)
    if reply.code // 100 in (4, 5):
        return _refusal(phase, reply)
    return _GOES_ON[phase](reply)


def _refusal(phase: Phase, reply: Reply) -> Outcome:
    row = next(row for row in TABLE if row.fits(phase, reply))
    lasting = reply.code >= 500 if row.lasting is None else row.lasting
    if phase is Phase.OPENING:  # no message was offered yet, so none can have been refused for good
        lasting = False
    return (Permanent if lasting else Transient)(reply.word, row.blames)


def _expect(hundreds: int) -> Callable[[Reply], Outcome | None]:
    def check(reply: Reply) -> Outcome | None:
        return None if reply.code // 100 == hundreds else Transient(reply.word, Blame.CONNECTION)

    return check


# A reply after the dot that neither accepts nor refuses leaves us not knowing (RFC 1047).
_GOES_ON: dict[Phase, Callable[[Reply], Outcome | None]] = {
    Phase.OPENING: _expect(2),
    Phase.MAIL: _expect(2),
    Phase.RCPT: _expect(2),
    Phase.DATA: _expect(3),
    Phase.DOT: lambda reply: Unknown(reply.word),
}
