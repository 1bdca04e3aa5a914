"""One sequence as its page shows it: which version, how that differs from what is live, and its steps."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from aftercare.domain.wording import trigger_in_words
from aftercare.errors import NotFound
from aftercare.flows import actors, differences, drafts, step_rail
from aftercare.flows.differences import Difference
from aftercare.flows.drafts import Version
from aftercare.flows.step_rail import Rail
from aftercare.models import Clinic, Sequence
from aftercare.store import clinics, sequences


@dataclass(frozen=True)
class SequencePage:
    """`version` is the one that is shown, `who` made it so; `changes` are a draft's, against what is live.
    `starts` is the trigger in words."""

    sequence: Sequence
    clinic: Clinic
    version: Version
    draft: Version | None
    live: Version | None
    changes: tuple[Difference, ...]
    rail: Rail
    who: str
    starts: str

    @property
    def changed_steps(self) -> frozenset[str]:
        """Keys of the steps that a draft changes."""
        return frozenset(change.step for change in self.changes if change.step)


def read_page(
    db: Session, clinic_id: str, slug: str, *, client_id: str = "", live: bool = False, now: datetime
) -> SequencePage:
    """The draft where there is one, unless `live` is asked for; with the dates of a client who is
    part-way, else of an example. NotFound."""
    sequence = sequences.require(db, clinic_id, slug)
    draft, published = drafts.draft(db, clinic_id, slug), drafts.live(db, clinic_id, slug)
    version = (published or draft) if live else (draft or published)
    if version is None:
        raise NotFound(f"The sequence '{slug}' has neither a draft nor a live version.")
    is_change = version is draft and published is not None
    by = version.changed_by if version is draft else version.published_by
    return SequencePage(
        sequence=sequence,
        clinic=clinics.get(db, clinic_id),
        version=version,
        draft=draft,
        live=published,
        changes=tuple(differences.between(published.files, version.files)) if is_change and published else (),
        rail=step_rail.read_rail(db, clinic_id, version, client_id=client_id, now=now),
        who=actors.names(db, clinic_id, [by])[by],
        starts=trigger_in_words(version.files.spec.trigger),
    )
