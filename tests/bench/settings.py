"""The settings of a real installation, with what the benchmark needs beside them."""

from lms.settings import *  # noqa: F403
from lms.settings import MIDDLEWARE as REAL_MIDDLEWARE

MIDDLEWARE = ["tests.bench.counting.QueryCountMiddleware", *REAL_MIDDLEWARE]
ROOT_URLCONF = "tests.bench.urls"
