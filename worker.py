"""Production processes in a checkout: `celery -A worker worker` and `celery -A worker beat`."""

from aftercare.worker import app

__all__ = ["app"]
