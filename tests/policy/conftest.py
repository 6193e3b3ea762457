"""The world is built once and never changed: every request happens in a savepoint that is taken back."""

import logging
from collections.abc import Iterator
from typing import Any

import pytest
from celery.app.task import Task
from django.test import override_settings

from .building import build_world
from .database import rolled_back, spread_primary_keys
from .walking import Walker
from .world import World


@pytest.fixture(scope="package")
def settings_of_world(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    return {
        "STORAGES": {
            "default": {
                "BACKEND": "django.core.files.storage.FileSystemStorage",
                "OPTIONS": {"location": str(tmp_path_factory.mktemp("files"))},
            },
            "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
        },
        "PASSWORD_HASHERS": ["django.contrib.auth.hashers.MD5PasswordHasher"],
        "DEMONSTRATION": False,
    }


@pytest.fixture(autouse=True)
def settings_for_tests(settings_of_world) -> Iterator[None]:
    """As in every test, except that files stay where the world has put them."""
    with override_settings(**settings_of_world):
        yield


@pytest.fixture(scope="package")
def world(request, django_db_setup, django_db_blocker, settings_of_world) -> Iterator[World]:
    assert isinstance(
        request.node, pytest.Package
    )  # or every later test of the session would find this world
    with (
        django_db_blocker.unblock(),
        override_settings(**settings_of_world),
        pytest.MonkeyPatch.context() as patch,
        rolled_back(),
    ):
        patch.setattr(Task, "delay", lambda *_args, **_values: None)
        spread_primary_keys()
        yield build_world()


@pytest.fixture
def walker(world) -> Walker:
    return Walker(world)


@pytest.fixture(autouse=True)
def no_news_of_refusals() -> Iterator[None]:
    """Thousands of them are meant."""
    logging.disable(logging.ERROR)
    yield
    logging.disable(logging.NOTSET)
