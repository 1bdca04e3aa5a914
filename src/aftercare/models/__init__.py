"""SQLAlchemy tables, one noun per file. Importing this package registers all of them."""

from aftercare.models.alert import Alert
from aftercare.models.api_token import ApiToken
from aftercare.models.appointment import Appointment
from aftercare.models.attempt import Attempt
from aftercare.models.audit_entry import AuditEntry
from aftercare.models.base import Base, new_id
from aftercare.models.care_session import CareSession
from aftercare.models.checkin_response import CheckinResponse
from aftercare.models.client import Client
from aftercare.models.clinic import Clinic
from aftercare.models.consent import Consent
from aftercare.models.email import CompiledEmail, EmailVersion
from aftercare.models.enrolment import Enrolment
from aftercare.models.idempotency_key import IdempotencyKey
from aftercare.models.import_batch import ImportBatch
from aftercare.models.leaving_reason import LeavingReason
from aftercare.models.link_request import LinkRequest
from aftercare.models.login import Login, Throttle
from aftercare.models.message import Message
from aftercare.models.newsletter_issue import NewsletterIssue
from aftercare.models.newsletter_page import NewsletterPage
from aftercare.models.newsletter_signup import NewsletterSignup, SignupTally
from aftercare.models.resource import Resource
from aftercare.models.sequence import Sequence, SequenceVersion
from aftercare.models.setting import Heartbeat, Setting
from aftercare.models.staff import Staff
from aftercare.models.step import StepRow
from aftercare.models.suppression import Suppression

__all__ = [
    "Alert",
    "ApiToken",
    "Appointment",
    "Attempt",
    "AuditEntry",
    "Base",
    "CareSession",
    "CheckinResponse",
    "Client",
    "Clinic",
    "CompiledEmail",
    "Consent",
    "EmailVersion",
    "Enrolment",
    "Heartbeat",
    "IdempotencyKey",
    "ImportBatch",
    "LeavingReason",
    "LinkRequest",
    "Login",
    "Message",
    "NewsletterIssue",
    "NewsletterPage",
    "NewsletterSignup",
    "Resource",
    "Sequence",
    "SequenceVersion",
    "Setting",
    "SignupTally",
    "Staff",
    "StepRow",
    "Suppression",
    "Throttle",
    "new_id",
]
