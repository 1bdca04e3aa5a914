"""The staff pages: who may use each, and a form that each would take."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Case:
    """A page. `names`: whether its address or form names something that a clinic owns."""

    role: str
    form: dict[str, str] = field(default_factory=dict)
    query: str = ""
    names: bool = True


def _v(names: bool = True, query: str = "", **form: str) -> Case:
    return Case("viewer", form, query, names)


def _t(names: bool = True, query: str = "", **form: str) -> Case:
    return Case("therapist", form, query, names)


def _e(names: bool = True, query: str = "", **form: str) -> Case:
    return Case("editor", form, query, names)


OPEN = (
    "GET /",
    "GET /login",
    "POST /login",
    "GET /join/{token}",
    "POST /join/{token}",
    "GET /u/{token}",
    "POST /u/{token}",
    "POST /u/{token}/undo",
    "GET /fresh-link",
    "POST /fresh-link",
    "GET /s/{token}",
    "POST /s/{token}",
    "POST /s/{token}/undo",
    "POST /s/{token}/why",
    "GET /v/{token}",
    "GET /c/{token}",
    "GET /k/{token}",
    "POST /k/{token}",
    "POST /c/{token}",
    "GET /n/{slug}",
    "POST /n/{slug}",
    "GET /n/{slug}/archive",
    "GET /n/{slug}/archive/{issue_id}",
    "GET /n/{slug}/feed.xml",
    "GET /guides/{slug}",
    "GET /healthz",
    "GET /readyz",
)
SANDBOX = ("POST /sandbox/travel", "GET /sandbox/bar", "POST /sandbox/reset")
SESSION = {"client_id": "{client_id}", "ended_at": "2026-11-23T13:00", "outcome": "ordinary", "form_id": "x"}
ENTRY = {"title": "A place to call", "url": "https://help.example.org/"}
YES = {"topics": "aftercare", "source": "paper", "given_on": "2026-11-23", "wording": "Yes, please."}
CLIENT = "/clients/{client_id}"
STEP = "/sequences/{slug}/steps/{key}"
ISSUE = "/newsletters/{issue_id}"

CASES = {
    "POST /logout": _v(names=False),
    "GET /today": _v(names=False),
    "GET /alerts": _v(names=False),
    "POST /alerts/{alert_id}/acknowledge": _t(),
    "POST /alerts/{alert_id}/spoken": _t(),
    "POST /alerts/{alert_id}/contacts": _t(),
    "POST /alerts/{alert_id}/release": _t(),
    "POST /checkins/{checkin_id}/seen": _t(),
    f"POST {CLIENT}/support": _t(),
    "GET /settings": Case("owner", names=False),
    "POST /settings/hours": Case("owner", {"mon": "09:00-17:00"}, names=False),
    "POST /settings/contacts": Case("owner", {"duty_id": "{staff_id}"}, names=False),
    "POST /messages/{message_id}/settle": _t(send="true"),
    "GET /sessions/new": _t(query="?client={client_id}"),
    "POST /sessions/clients": _t(names=False, words="Maya"),
    "POST /sessions/preview": Case("therapist", SESSION),
    "POST /sessions": Case("therapist", SESSION),
    "POST /sessions/{session_id}/undo": _t(),
    "POST /sessions/{session_id}/cancel": _t(),
    "GET /sessions/{session_id}/whose": _t(),
    "POST /sessions/{session_id}/whose/search": _t(words="Maya"),
    "POST /sessions/{session_id}/whose": _t(client_id="{client_id}"),
    "GET /appointments/new": _t(query="?client={client_id}"),
    "POST /appointments": _t(client_id="{client_id}", starts_at="2026-12-01T13:00"),
    "GET /appointments/{appointment_id}": _t(),
    "POST /appointments/{appointment_id}/move": _t(starts_at="2026-12-02T13:00"),
    "POST /appointments/{appointment_id}/cancel": _t(),
    "POST /appointments/{appointment_id}/outcome": _t(outcome="ordinary"),
    "GET /inbox": _v(names=False),
    "POST /inbox/search": _v(names=False, q="Maya"),
    "GET /inbox/search": _v(names=False),
    "GET /inbox/newer": _v(names=False),
    "GET /inbox/{message_id}": _v(),
    "GET /inbox/{message_id}/html": _v(),
    "GET /inbox/{message_id}/source": _v(),
    "GET /pictures/email/{email_version_id}": _v(),
    "GET /pictures/message/{message_id}": _v(),
    "GET /calendar": _v(names=False),
    "GET /clients": _v(names=False),
    "POST /clients/search": _v(names=False, q="Maya"),
    "GET /clients/search": _v(names=False),
    "GET /clients/new": _t(names=False),
    "POST /clients": _t(names=False, email="new@example.com", consent="later"),
    f"GET {CLIENT}": _v(),
    f"GET {CLIENT}/planned": _v(),
    f"GET {CLIENT}/edit": _t(),
    f"POST {CLIENT}/edit": _t(email="maya@example.com", first_name="May"),
    f"POST {CLIENT}/sessions/{{session_id}}": _t(ended_at="2026-11-23T13:00", outcome="ordinary"),
    f"POST {CLIENT}/runs/{{enrolment_id}}/stop": _t(),
    f"GET {CLIENT}/pause": _t(),
    f"POST {CLIENT}/pause": _t(until="2026-12-07"),
    f"POST {CLIENT}/resume": _t(),
    f"GET {CLIENT}/hold": _t(),
    f"POST {CLIENT}/hold": _t(reason="talk_first"),
    f"POST {CLIENT}/release": _t(),
    f"GET {CLIENT}/life": _t(),
    f"POST {CLIENT}/life": _t(what="moved_away"),
    f"POST {CLIENT}/stop-everything": _t(),
    f"POST {CLIENT}/restore": _t(),
    f"GET {CLIENT}/start": _t(),
    f"POST {CLIENT}/start": _t(sequence="after-your-visit"),
    f"GET {CLIENT}/consent": _t(),
    f"POST {CLIENT}/consent": Case("therapist", YES),
    f"POST {CLIENT}/ask": _t(),
    f"GET {CLIENT}/stop": _t(),
    f"POST {CLIENT}/stop": _t(topic="aftercare"),
    f"GET {CLIENT}/emails/{{message_id}}/proof": _v(),
    f"GET {CLIENT}/runs/{{enrolment_id}}/guidance": _t(),
    f"POST {CLIENT}/export": _t(),
    f"POST {CLIENT}/stop/undo": _t(query="?topic=aftercare"),
    "GET /clients/import": _e(names=False),
    "GET /clients/import/template.csv": _e(names=False),
    "POST /clients/import": _e(names=False),
    "GET /clients/import/{import_id}": _e(),
    "POST /clients/import/{import_id}": _e(),
    "POST /clients/import/{import_id}/confirm": _e(),
    "POST /clients/import/{import_id}/discard": _e(),
    "POST /clients/import/{import_id}/undo": _e(),
    "GET /clients/import/{import_id}/refused.csv": _e(),
    "GET /newsletters/sign-up": _v(names=False),
    "POST /newsletters/sign-up": _e(names=False, takes_signups="true"),
    "POST /newsletters/sign-up/preview": _e(names=False),
    "GET /resources": _v(names=False),
    "GET /resources/new": _e(names=False),
    "POST /resources": Case("editor", ENTRY, names=False),
    "GET /resources/{resource_id}": _e(),
    "POST /resources/{resource_id}": Case("editor", ENTRY),
    "POST /resources/{resource_id}/checked": _e(),
    "POST /resources/{resource_id}/dead": _e(),
    "POST /resources/{resource_id}/remove": _e(),
    "GET /newsletters": _v(names=False),
    "POST /newsletters": _e(names=False, starter="issue-1"),
    f"GET {ISSUE}": _v(),
    f"GET {ISSUE}/review": _e(),
    f"POST {ISSUE}/schedule": _e(revision="1", date="2026-12-01", time="10:00"),
    f"POST {ISSUE}/pause": _e(),
    f"POST {ISSUE}/resume": _e(),
    f"POST {ISSUE}/cancel": _e(),
    f"POST {ISSUE}/copy": _e(),
    f"POST {ISSUE}/remove": _e(),
    "GET /sequences": _v(names=False),
    "GET /sequences/{slug}": _v(),
    "POST /sequences/{slug}/pause": _e(),
    "POST /sequences/{slug}/resume": _e(),
    "POST /sequences/{slug}/draft": _e(),
    "POST /sequences/{slug}/discard": _e(),
    "POST /sequences/{slug}/move": _e(revision="0", item="evening-plan", position="1"),
    "POST /sequences/{slug}/steps": _e(revision="0", subject="Hello", preheader="x" * 40),
    f"POST {STEP}/when": _e(revision="0"),
    f"POST {STEP}/remove": _e(revision="0"),
    f"GET {STEP}": _v(),
    f"POST {STEP}": _e(revision="0"),
    f"GET {STEP}/preview": _v(),
    f"POST {STEP}/preview": _e(revision="0"),
    "GET /sequences/{slug}/publish": _e(),
    "POST /sequences/{slug}/publish": _e(revision="0", in_flight="keep"),
    "GET /sequences/{slug}/versions": _v(),
    "POST /sequences/{slug}/versions/{number}/restore": _e(revision="0"),
}
