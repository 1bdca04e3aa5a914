"""Which column is what in the exports of other software, and what stays outside."""

import pytest

from aftercare.domain.columns import checked, guess, looks_like_health
from aftercare.errors import InvalidInput

MAILCHIMP = (
    *("Email Address", "First Name", "Last Name", "Phone Number", "MEMBER_RATING", "OPTIN_TIME", "OPTIN_IP"),
    *("CONFIRM_TIME", "TIMEZONE", "CC", "REGION", "LAST_CHANGED", "UNSUB_TIME", "NOTES", "TAGS"),
)
SQUARE = (
    *("Reference ID", "First Name", "Last Name", "Email Address", "Phone Number", "Nickname", "Birthday"),
    *("Memo", "Email Subscription Status", "Transaction Count"),
)
CLINIKO = (
    *("ID", "First name", "Preferred first name", "Email", "Time zone", "Country", "Date of birth"),
    *("Accepted email marketing", "Accepted SMS marketing", "Accepted privacy policy", "Medical alerts"),
)


@pytest.mark.parametrize(
    ("columns", "expected"),
    [
        (
            MAILCHIMP,
            {
                "email": "Email Address",
                "first_name": "First Name",
                "timezone": "TIMEZONE",
                "country": "CC",
                "consent_date": "OPTIN_TIME",
                "left": "UNSUB_TIME",
            },
        ),
        (
            SQUARE,
            {"email": "Email Address", "first_name": "First Name", "consent": "Email Subscription Status"},
        ),
        (
            CLINIKO,
            {
                "email": "Email",
                "first_name": "First name",
                "timezone": "Time zone",
                "country": "Country",
                "consent": "Accepted email marketing",
            },
        ),
        (
            ("First Name", "Last Name", "Phone", "Email", "Notes"),
            {"email": "Email", "first_name": "First Name"},
        ),
        (("Patient Email", "Preferred Name"), {"email": "Patient Email", "first_name": "Preferred Name"}),
        (("E-Mail-Adresse", "Vorname", "Einwilligung"), None),
        (("Courriel", "Prénom", "Pays"), {"email": "Courriel", "first_name": "Prénom", "country": "Pays"}),
        (("Accepted SMS marketing", "Accepted privacy policy", "Newsletter notes"), {}),
    ],
)
def test_the_columns_of_other_software_are_recognised(
    columns: tuple[str, ...], expected: dict[str, str] | None
) -> None:
    by_order = dict(zip(("email", "first_name", "consent"), columns, strict=False))
    assert guess(columns) == (by_order if expected is None else expected)


@pytest.mark.parametrize(
    "name",
    [
        *("Notes", "NOTES", "Appointment notes", "MedicalAlerts", "diagnosis", "Treatment plan", "Symptoms"),
        *(
            "allergies",
            "Current_medication",
            "Condition",
            "Health concerns",
            "Notizen",
            "Diagnóstico",
            "Memo",
        ),
        *("Reason for visit", "Behandlung", "Pain level", "medical history", "ICD-10", "Service"),
    ],
)
def test_a_column_that_may_tell_of_health_stays_outside(name: str) -> None:
    assert looks_like_health(name)
    with pytest.raises(InvalidInput, match="health"):
        checked({"email": "Email", "first_name": name}, ["Email", name])


@pytest.mark.parametrize(
    "name",
    ["Email", "First name", "Country", "Spain", "Terms & Conditions", "Notebook", "Last visit", "Therapist"],
)
def test_other_columns_do_not(name: str) -> None:
    assert not looks_like_health(name)


@pytest.mark.parametrize(
    ("chosen", "field"),
    [
        ({"email": ""}, "email"),
        ({"email": "Mail"}, "email"),
        ({"email": "Email", "shoe": "Name"}, "map"),
        ({"email": "Email", "first_name": "Email"}, "map"),
    ],
)
def test_a_choice_that_cannot_be_carried_out_names_its_field(chosen: dict[str, str], field: str) -> None:
    with pytest.raises(InvalidInput) as refusal:
        checked(chosen, ["Email", "Name"])
    assert refusal.value.field == field
