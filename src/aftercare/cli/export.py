"""`aftercare client export`"""

import json

from aftercare.cli.opening import BY, ClinicOption, open_app, transaction
from aftercare.flows import client_export


def export(client_id: str, clinic: ClinicOption = "") -> None:
    """All that is known about one client, as JSON: for the client who asks for it. The trail says who took
    it."""
    app = open_app()
    with transaction(app, clinic) as (db, clinic_id, now):
        made = client_export.export(db, app, clinic_id, client_id, by=BY, now=now)
    print(json.dumps(made, indent=2, ensure_ascii=False))
