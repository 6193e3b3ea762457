"""The Celery application. Rows are the queue; what is sent here only wakes a worker (docs: jobs)."""

import os

from celery import Celery

from lms.lib import safefs

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lms.settings")
safefs.register()

app = Celery("lms")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
