"""The public newsletter pages of clinics."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from aftercare.models import NewsletterPage


def by_slug(db: Session, slug: str) -> NewsletterPage | None:
    """The pages at this address."""
    return db.get(NewsletterPage, slug)


def of_clinic(db: Session, clinic_id: str) -> NewsletterPage | None:
    """A clinic's pages, if it ever set them up."""
    return db.scalar(select(NewsletterPage).where(NewsletterPage.clinic_id == clinic_id))


def slugs_like(db: Session, slug: str) -> set[str]:
    """Addresses in use that begin so."""
    query = select(NewsletterPage.slug).where(NewsletterPage.slug.startswith(slug, autoescape=True))
    return set(db.scalars(query))


def add(db: Session, page: NewsletterPage) -> None:
    """Insert."""
    db.add(page)
    db.flush()
