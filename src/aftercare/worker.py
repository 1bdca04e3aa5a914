"""Production processes: `celery -A aftercare.worker worker` and `celery -A aftercare.worker beat`."""

from aftercare.config import read_settings
from aftercare.logs import configure_logging
from aftercare.queue import configure

configure_logging()
app = configure(read_settings())
