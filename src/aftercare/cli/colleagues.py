"""`aftercare staff list|role|leave`, `aftercare token list|revoke`: who and what gets in."""

from aftercare.cli.opening import BY, ClinicOption, JsonOption, open_app, print_rows, say, transaction, utc
from aftercare.flows import clinics
from aftercare.store import clinics as stored


def list_staff(clinic: ClinicOption = "", as_json: JsonOption = False) -> None:
    """Who works here, with their roles."""
    with transaction(open_app(), clinic) as (db, clinic_id, _now):
        rows = [
            {
                "staff": member.id,
                "first_name": member.first_name,
                "email": member.email,
                "role": member.role,
                "has_password": member.password_hash is not None,
            }
            for member in stored.staff_of(db, clinic_id)
        ]
    print_rows(rows, as_json=as_json, shown=("first_name", "email", "role", "has_password", "staff"))


def change_role(email: str, role: str, clinic: ClinicOption = "") -> None:
    """Give somebody who works here another role: viewer, therapist, editor or owner."""
    with transaction(open_app(), clinic) as (db, clinic_id, now):
        clinics.change_role(db, clinic_id, email, role, by=BY, now=now)
    say(f"Changed. From the next click on they may do what a role of {role} allows.")


def leave(email: str, clinic: ClinicOption = "") -> None:
    """Somebody works here no longer: their log-ins end at once. What they did keeps their name."""
    with transaction(open_app(), clinic) as (db, clinic_id, now):
        clinics.leave(db, clinic_id, email, by=BY, now=now)
    say("Done. They are signed out and cannot sign in again.")


def list_tokens(clinic: ClinicOption = "", as_json: JsonOption = False) -> None:
    """The tokens of the REST interface, never their secret part."""
    with transaction(open_app(), clinic) as (db, clinic_id, _now):
        rows = [
            {
                "token": token.id,
                "name": token.name,
                "created_at": utc(token.created_at),
                "revoked_at": utc(token.revoked_at),
            }
            for token in stored.tokens_of(db, clinic_id)
        ]
    print_rows(rows, as_json=as_json, shown=("token", "name", "created_at", "revoked_at"))


def revoke_token(token_id: str, clinic: ClinicOption = "") -> None:
    """A program gets in no longer. TOKEN_ID is what `token list` shows, not the token itself."""
    with transaction(open_app(), clinic) as (db, clinic_id, now):
        clinics.revoke_token(db, clinic_id, token_id, by=BY, now=now)
    say("Revoked.")
