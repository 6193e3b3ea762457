"""The first minutes of an installation: tables, programme, coordinating organisation, first administrator."""

import os
import sys
from argparse import ArgumentParser
from collections.abc import Callable
from getpass import getpass
from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.core.validators import validate_email
from django.utils import timezone

from courses.models import Programme
from courses.services import create_programme
from lms.accounts.models import ADMINISTRATORS, Organisation, User, normalise_email
from lms.accounts.services import create_account, create_organisation, make_administrator
from lms.lib.errors import DomainError
from lms.lib.names import check_name
from lms.lib.places import COUNTRIES, LANDS

Check = Callable[[str], str]

QUESTIONS = {
    "title": "Title of the programme",
    "organisation": "Name of the coordinating organisation",
    "country": f"Its country ({', '.join(COUNTRIES)})",
    "countries": "Countries the programme is for, such as SE, NO, FI (may stay empty: those of its partners)",
    "contact": "Address for questions about the programme and about personal data (may stay empty)",
    "email": "E-mail address of the first administrator",
    "name": "Their full name",
    "password": "A password for them",
}


class Command(BaseCommand):
    help = "Prepare the database, the programme and the first administrator. Safe to repeat: asks for what is missing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--title", help="Title of the programme (or LMS_SETUP_TITLE).")
        parser.add_argument(
            "--organisation", help="The coordinating organisation (or LMS_SETUP_ORGANISATION)."
        )
        parser.add_argument("--country", help="Its country, two letters (or LMS_SETUP_COUNTRY).")
        parser.add_argument(
            "--countries",
            help="Countries of the programme, such as SE,NO,FI (or LMS_SETUP_COUNTRIES); empty: its partners'.",
        )
        parser.add_argument(
            "--contact", help="Where visitors write to (or LMS_SETUP_CONTACT). May stay empty."
        )
        parser.add_argument("--email", help="The first administrator's address (or LMS_SETUP_EMAIL).")
        parser.add_argument("--name", help="The first administrator's full name (or LMS_SETUP_NAME).")
        # The password is no option: command lines stand in process lists and shell histories.
        parser.add_argument(
            "--no-input", action="store_true", help="Ask nothing; the password is LMS_SETUP_PASSWORD."
        )

    def handle(self, **options: Any) -> None:
        self.given = options
        call_command("migrate", interactive=False, verbosity=0)
        try:
            self.set_up_programme()
            self.set_up_administrator()
        except DomainError as refusal:
            raise CommandError(str(refusal.message)) from refusal
        self.stdout.write("Ready: manage.py serve starts the site.")

    def set_up_programme(self) -> None:
        existing = Programme.objects.first()
        if existing:
            self.stdout.write(f"The programme is there: {existing}.")
            return
        title = self.ask("title", not_empty)
        name = self.ask("organisation", not_empty)
        coordinator = Organisation.objects.filter(name=name).first() or create_organisation(
            name=name,
            country=self.ask("country", known_country),
            kind=Organisation.Kind.PARTNER,
            by=None,
            at=timezone.now(),
        )
        create_programme(
            title={"en": title},
            coordinator=coordinator,
            partners=[coordinator],
            countries=self.ask("countries", known_countries, needed=False).split(),
            contact_email=self.ask("contact", address_or_nothing, needed=False),
            by=None,
            at=timezone.now(),
        )
        self.stdout.write(f"The programme is set up: {title}.")
        self.stdout.write(f"Module and course files name its coordinating organisation “{coordinator.slug}”.")

    def set_up_administrator(self) -> None:
        existing = User.objects.filter(groups__name=ADMINISTRATORS, is_active=True).first()
        if existing:
            self.stdout.write(f"There is an administrator: {existing.email}.")
            return
        email = self.ask("email", address)
        user = User.objects.filter(email=email).first() or create_account(
            email,
            full_name=self.ask("name", check_name),
            password=self.ask("password", good_password),
            by=None,
            at=timezone.now(),
        )
        make_administrator(user, by=None, at=timezone.now())
        self.stdout.write(f"The first administrator is {email}; logging in asks for a second factor.")

    def ask(self, name: str, check: Check, *, needed: bool = True) -> str:
        """From the options, else the environment, else the person; only the person is asked again after nonsense."""
        given = self.given.get(name) or os.environ.get(f"LMS_SETUP_{name.upper()}", "")
        if given:
            return self.checked(name, given, check)
        if self.given["no_input"] or not sys.stdin.isatty():
            if not needed:
                return ""
            option = "" if name == "password" else f"--{name} or "
            raise CommandError(f"{QUESTIONS[name]} is missing: {option}LMS_SETUP_{name.upper()}.")
        while True:
            try:
                return self.checked(name, self.prompt(name), check)
            except CommandError as error:
                self.stderr.write(str(error))

    def prompt(self, name: str) -> str:
        words = f"{QUESTIONS[name]}: "
        return getpass(words) if name == "password" else input(words)

    def checked(self, name: str, value: str, check: Check) -> str:
        try:
            return check(value)
        except ValidationError as error:
            raise CommandError(f"{QUESTIONS[name]}: {' '.join(error.messages)}") from error
        except DomainError as error:
            raise CommandError(f"{QUESTIONS[name]}: {error.message}") from error


def not_empty(value: str) -> str:
    if not value.strip():
        raise ValidationError("Something has to stand here.")
    return value.strip()


def known_country(value: str) -> str:
    if value.strip().upper() not in COUNTRIES:
        raise ValidationError(f"One of {', '.join(COUNTRIES)}.")
    return value.strip().upper()


def known_countries(value: str) -> str:
    """The codes, each once, with one space between."""
    codes = dict.fromkeys(value.upper().replace(",", " ").split())
    if unknown := [code for code in codes if code not in LANDS]:
        raise ValidationError(f"{', '.join(unknown)}: not among {', '.join(LANDS)}.")
    return " ".join(codes)


def address(value: str) -> str:
    email = normalise_email(value)
    validate_email(email)
    return email


def address_or_nothing(value: str) -> str:
    return address(value) if value.strip() else ""


def good_password(value: str) -> str:
    validate_password(value)
    return value
