from .audit import broken_chains, erasing, record
from .jobs import beat, cancel, progress, reconcile_jobs, register, retry_failed, start_job, work_off
from .outbox import queue_mail, send_waiting

__all__ = [
    "beat",
    "broken_chains",
    "cancel",
    "erasing",
    "progress",
    "queue_mail",
    "reconcile_jobs",
    "record",
    "register",
    "retry_failed",
    "send_waiting",
    "start_job",
    "work_off",
]
