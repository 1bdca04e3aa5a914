"""Whom to ring, by country: printed in emails to people who may need it tonight, so never guessed."""

from dataclasses import dataclass


@dataclass(frozen=True)
class SupportEntry:
    """One country's lines. `verified` is about `number`: where it is false the number is never printed."""

    line_name: str = ""
    emergency: str = ""
    number: str = ""
    how: str = ""
    note: str = ""
    text_word: str = ""
    text_number: str = ""
    """For lines that answer text messages: the word to send, and where to."""
    url: str = ""
    verified: bool = False

    @property
    def talk_number(self) -> str:
        """The line's number if somebody has checked it, else an empty string."""
        return self.number if self.verified else ""

    @property
    def short(self) -> str:
        """One phrase for running text, such as `Samaritans, 116 123 (free, any hour)`."""
        if not self.talk_number:
            return FIND_A_HELPLINE
        how = f" ({self.how})" if self.how else ""
        return f"{self.line_name}, {self.talk_number}{how}"


FIND_A_HELPLINE = "findahelpline.com"
FIND_A_HELPLINE_URL = "https://findahelpline.com"
