"""Her email settings: one question, four answers, and a way back from each.

As with leaving, GET never acts, a POST does, and the token alone authorises it (standards section 2)."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any

from fastapi import APIRouter, Form, Response
from fastapi.responses import HTMLResponse
from sqlalchemy.orm import Session

from aftercare.bootstrap import App
from aftercare.domain.caps import PACES
from aftercare.flows import consent, consent_request, newsletter_page, own_choices, signups
from aftercare.flows.own_choices import RESTS, Standing, Topics
from aftercare.mail.tokens import BadToken, Purpose
from aftercare.store import leaving_reasons, newsletter_pages
from aftercare.web import pages
from aftercare.web.deps import AppDep
from aftercare.web.public.links import Holder, holder_of, link_for, read_link

router = APIRouter(include_in_schema=False)
AS_PLANNED = "planned"
WANTS = ("stop", "resume", "topics", *RESTS, *PACES, AS_PLANNED)
FOR_COLLEAGUES = ("stop", "resume")
CHOICES = ("stop", "pause", "pace", "topics")
REASONS = ("too_many", "not_useful", "private", "in_person", "other")
Text = Annotated[str, Form(max_length=40)]


@router.api_route("/s/{token}", methods=["GET", "HEAD"])
def ask(token: str, app: AppDep) -> HTMLResponse:
    """The question with its answers, and how things stand. It changes nothing."""
    link, now = read_link(app, token, Purpose.SETTINGS), app.clock.now()
    with app.reading() as db:
        holder = holder_of(db, link)
        stands = own_choices.how_things_stand(db, holder.client, now=now)
        yes = _yes(db, holder)
        gone = holder.is_colleague and consent.can_undo(db, holder.client.id, consent.EVERYTHING)
    back = link_for(app, holder, Purpose.UNDO, consent.EVERYTHING) if gone else ""
    return _show("settings.html.j2", holder, token=token, stands=stands, yes=yes, back=back)


@router.options("/s/{token}")
def options() -> Response:
    """What may be done here; the same for every token."""
    return Response(headers={"Allow": "GET, HEAD, OPTIONS, POST", **pages.headers()})


@router.post("/s/{token}")
def choose(
    token: str, app: AppDep, want: Text = "", topic: Annotated[Sequence[str], Form()] = ()
) -> HTMLResponse:
    """Do what she would like, at once; anything else shows the question again."""
    if want not in WANTS:
        return ask(token, app)
    link, now = read_link(app, token, Purpose.SETTINGS), app.clock.now()
    with app.transaction() as db:
        holder = holder_of(db, link)
        entry = _act(db, app, holder, want, topic) if _is_offered(holder, want) else ""
        stands = own_choices.how_things_stand(db, holder.client, now=now)
    app.submit("sweep")
    choice, words = _choice(want), pages.words_in(holder.language)
    if not entry:
        key = "unchanged" if _is_offered(holder, want) else "for_clients"
        said = words["chosen"][key], words["chosen"][f"{key}_now"]
        return _answer(app, holder, stands, said)
    undo = link_for(app, holder, Purpose.UNDO, entry)
    said = words["chosen"][choice], _told(holder, want, stands, words)
    return _answer(app, holder, stands, said, undo=undo, choice=choice)


@router.post("/s/{token}/undo")
def undo(token: str, app: AppDep) -> HTMLResponse:
    """Take the choice back: what stood before it stands again, as far as it is not too late."""
    link, now = read_link(app, token, Purpose.UNDO), app.clock.now()
    with app.transaction() as db:
        holder = holder_of(db, link)
        done = own_choices.undo(db, holder.client.id, link.topic, now=now)
        stands = own_choices.how_things_stand(db, holder.client, now=now)
    if done is None:
        raise BadToken
    app.submit("sweep")
    words = pages.words_in(holder.language)
    said, key = words["chosen"], "undone" if done else "not_undone"
    told = said[f"{key}_now"].format(date=pages.dated(stands.today, words["dates"]))
    return _answer(app, holder, stands, (said[key], told))


@router.post("/s/{token}/why")
def why(token: str, app: AppDep, choice: Text = "", reason: Text = "") -> HTMLResponse:
    """Count a reason. Who gave it is written nowhere."""
    link = read_link(app, token, Purpose.SETTINGS)
    with app.transaction() as db:
        holder = holder_of(db, link)
        if choice in CHOICES and reason in REASONS:
            leaving_reasons.count(db, holder.clinic.id, choice, reason)
    return _show("settings_thanks.html.j2", holder, token=token)


def _is_offered(holder: Holder, want: str) -> bool:
    return want in FOR_COLLEAGUES or not holder.is_colleague


def _choice(want: str) -> str:
    """Which of the four answers it was, or that a pause is over."""
    if want in RESTS:
        return "pause"
    return want if want in ("stop", "resume", "topics") else "pace"


def _act(db: Session, app: App, holder: Holder, want: str, topics: Sequence[str]) -> str:
    client_id, now = holder.client.id, app.clock.now()
    words = pages.words_in(holder.language)["settings"]
    if want == "stop":
        return own_choices.stop_all(db, client_id, wording=words["stop"], now=now)
    if want in RESTS:
        return own_choices.rest(db, client_id, want, now=now)
    if want == "resume":
        return own_choices.go_on(db, client_id, now=now)
    if want == "topics":
        offered = own_choices.how_things_stand(db, holder.client, now=now).offered
        said = _yes(db, holder)
        yes = {topic: said[topic] for topic in offered if topic in topics}
        chosen = Topics(yes, offered, words["save"])
        return own_choices.choose_topics(db, client_id, chosen, now=now)
    return own_choices.less_often(db, client_id, None if want == AS_PLANNED else want, now=now)


def _told(holder: Holder, want: str, stands: Standing, words: Mapping[str, Any]) -> str:
    """What happens now, in words and with a date."""
    said, names = words["chosen"], words["settings"]["names"]
    topics = ", ".join(str(names[topic]) for topic in stands.offered if topic in stands.given)
    key = "pause" if want in RESTS else "none" if want == "topics" and not topics else want
    day = stands.rests_until if key == "pause" and stands.rests_until else stands.today
    sentence: str = said[f"{key}_now"]
    return sentence.format(date=pages.dated(day, words["dates"]), clinic=holder.clinic.name, topics=topics)


def _answer(
    app: App, holder: Holder, stands: Standing, said: tuple[str, str], *, undo: str = "", choice: str = ""
) -> HTMLResponse:
    """The page after a choice; `said` is its heading and what happens now."""
    token = link_for(app, holder, Purpose.SETTINGS, consent.EVERYTHING)
    page = {"token": token, "heading": said[0], "told": said[1], "undo": undo, "choice": choice}
    return _show("settings_chosen.html.j2", holder, stands=stands, **page)


def _yes(db: Session, holder: Holder) -> dict[str, str]:
    """By topic, the words that a tick says yes to, which are recorded."""
    clinic, language = holder.clinic, holder.language
    words = pages.words_in(language)["settings"]["yes"]
    said = {topic: str(text).format(clinic=clinic.name) for topic, text in words.items()}
    page = newsletter_pages.of_clinic(db, clinic.id)
    said[signups.TOPIC] = newsletter_page.wording(clinic, page, language)
    return said | {consent_request.TOPIC: consent_request.wording(clinic, language)}


def _show(template: str, holder: Holder, **values: Any) -> HTMLResponse:
    return pages.show(template, language=holder.language, colours=holder.colours, holder=holder, **values)
