"""Whether the emails of a sequence can be made, asked before they go live: a broken one found at the first
client's evening would be parked, and she would hear nothing."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache

from sqlalchemy.orm import Session

from aftercare.errors import ContentError
from aftercare.flows import countries, email_lints, particulars, resources
from aftercare.flows.rendering import theme_of
from aftercare.flows.resource_shelf import broken_links, library_of
from aftercare.flows.sequence_files import SequenceFiles
from aftercare.flows.tools import Tools
from aftercare.mail.blocks.resource_list import ResourceList
from aftercare.mail.compile import Variant, compile_email, reading_for
from aftercare.mail.document import EmailDocument
from aftercare.mail.library import Library
from aftercare.mail.scene import BASE, Scene
from aftercare.mail.theme import Theme
from aftercare.store import clinics, sequences
from aftercare.store import resources as resource_rows


@dataclass(frozen=True)
class Problem:
    """Why the email of a step cannot go live; the text names step, block and fix. `block`: the key of the
    block to mend, where it is one. No `step`: what keeps all of them from it."""

    step: str
    text: str
    block: str = ""


def check_emails(db: Session, tools: Tools, clinic_id: str, files: SequenceFiles) -> list[Problem]:
    """Compile every email for every country that this clinic's clients read it in and for every language that
    it may come in, and look up every card of its decks and every entry of the resource library that it links
    to; what can be made must break no rule that blocks. None when all can go live."""
    clinic = clinics.get(db, clinic_id)
    if gap := particulars.missing(clinic, files):
        return [Problem("", gap)]
    theme, library = theme_of(clinic, tools), library_of(db, tools, clinic_id)
    asked = sequences.readings(db, clinic_id)
    readings, places = _readings(asked, library), dict.fromkeys(asked)
    known = {one.slug: one for one in resource_rows.all_of(db, clinic_id)}
    today = resources.today_of(db, clinic_id, tools.clock.now())
    problems = []
    for number, step in enumerate(files.spec.steps, start=1):
        email = files.emails[step.key]
        try:
            _all_usable(broken_links(known, email, today))
            for variant in _variants(readings, returning=step.every_visit):
                _make(email, theme, variant, library, files.spec.public_name)
            _look_up_cards(email, theme, library)
            _all_usable(_empty_lists(email, theme, library, places))
        except ContentError as error:
            problems.append(Problem(step.key, f"Step {number} ({email.subject}): {error}"))
        else:
            problems += _broken_rules(files, step.key, number, theme, library)
    return problems


@lru_cache(maxsize=512)
def _make(email: EmailDocument, theme: Theme, variant: Variant, library: Library, public_name: str) -> None:
    """ContentError where it cannot be made. What could be made once is not made at each further look."""
    compile_email(email, theme, variant, library, public_name)


def _broken_rules(
    files: SequenceFiles, step: str, number: int, theme: Theme, library: Library
) -> Iterator[Problem]:
    """One problem for each broken rule that keeps the email from going live."""
    email = files.emails[step]
    blocks = {block.key for block in email.blocks}
    for finding in email_lints.blocking(files, step, theme, library):
        text = f"Step {number} ({email.subject}): {email_lints.in_words(finding)}"
        yield Problem(step, text, finding.where if finding.where in blocks else "")


def _all_usable(broken: Iterator[str]) -> None:
    found = list(broken)
    if found:
        raise ContentError(" ".join(found))


def _empty_lists(
    email: EmailDocument, theme: Theme, library: Library, places: Iterable[tuple[str, str]]
) -> Iterator[str]:
    """The lists of links in which somebody would find nothing for the country where she lives."""
    for language, country in places:
        reading = reading_for(email, language, library, "")
        shelf = library.in_language(library.tag_for(reading.language))
        scene = shelf.scene(reading.language, theme, country)
        for block in reading.document.blocks:
            if isinstance(block, ResourceList) and not block.usable(scene):
                where = countries.names().get(country, country)
                yield (
                    f"{block.key}: nobody in {where} would find anything here. Add one of our guides, or an "
                    "entry for that country or for everywhere."
                )
                return


def _readings(asked: list[tuple[str, str]], library: Library) -> list[tuple[str, str]]:
    """A language and a country for each different reading: countries differ by their support lines alone. Of
    a language that none of them reads the next client must not be the first to find out."""
    asked = [*asked, *((tag, asked[0][1]) for tag in library.others)]
    found = {
        (library.tag_for(language), library.support_for(country)): (language, country)
        for language, country in asked
    }
    return list(found.values())


def _variants(readings: list[tuple[str, str]], *, returning: bool) -> Iterator[Variant]:
    for language, country in readings:
        yield Variant(language=language, country=country)
        if returning:
            yield Variant(language=language, country=country, returning=True)


def _look_up_cards(email: EmailDocument, theme: Theme, library: Library) -> None:
    """A compiled email shows one card of each deck; the others must exist too, in each of its languages."""
    for language in (BASE, *email.translations):
        reading = reading_for(email, language, library, "")
        shelf = library.in_language(library.tag_for(reading.language))
        _look_up_each(reading.document, shelf.scene(reading.language, theme, theme.country))


def _look_up_each(email: EmailDocument, scene: Scene) -> None:
    for block in email.blocks:
        for deck, cards in block.decks().items():
            for card in cards:
                block.view(replace(scene, cards={deck: card}))
