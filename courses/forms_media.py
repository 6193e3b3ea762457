"""Files that are uploaded into a draft. What is in them, the checks of bundles judge."""

from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.template.defaultfilters import filesizeformat
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from lms.lib.places import language_name

from .bundle import path_for
from .bundle.lessons import CAPTIONS, SECONDS
from .bundle.lessons import PICTURES as BEFORE
from .bundle.tree import ASSET_TYPES
from .forms_editor import LINE
from .selectors.studio.media import MediaFile

ACCEPTED = ",".join(sorted({*ASSET_TYPES, ".jpeg"}))
PICTURES = ".jpeg,.jpg,.png,.svg,.webp"
CHOOSE, EMPTY = _("Choose the file."), _("The file is empty. Choose another.")


class MediaField(forms.FileField):
    """A file that may be as large as one request; past that it arrives empty, and says its size."""

    def __init__(self, *, accept: str = ACCEPTED, **more: Any) -> None:
        errors = {"required": CHOOSE, "missing": CHOOSE, "invalid": CHOOSE, "empty": EMPTY}
        super().__init__(widget=forms.FileInput(attrs={"accept": accept}), error_messages=errors, **more)

    def clean(self, data: Any, initial: Any = None) -> Any:
        file = super().clean(data, initial)
        if isinstance(file, UploadedFile) and (file.size or 0) > settings.BUNDLE_MAX_UPLOAD:
            message = _("The file has %(size)s; at most %(most)s can be uploaded. Make it smaller.")
            most = filesizeformat(settings.BUNDLE_MAX_UPLOAD)
            raise ValidationError(message % {"size": filesizeformat(file.size or 0), "most": most})
        return file


class UploadForm(forms.Form):
    file = MediaField(label=_("File"))


class ReplaceForm(UploadForm):
    """`base` names the content that the person saw."""

    base = forms.CharField(widget=forms.HiddenInput)


class FigureForm(forms.Form):
    """A picture that is here or is uploaded now, what it shows, and the words below it."""

    path = forms.ChoiceField(label=_("Picture"), required=False, widget=forms.RadioSelect)
    file = MediaField(label=_("Or upload one"), accept=PICTURES, required=False)
    alt = forms.CharField(
        label=_("What it shows"),
        max_length=LINE,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("For whoever cannot see it: what a colleague would say on the telephone."),
        error_messages={
            "required": _("Say what the picture shows: whoever cannot see it reads this instead.")
        },
    )
    caption = forms.CharField(
        label=_("Caption"), max_length=LINE, required=False, help_text=_("Stands below the picture.")
    )

    def __init__(self, *args: Any, pictures: Iterable[tuple[str, str]], **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["path"].choices = list(pictures)  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if not said.get("path") and not said.get("file") and not self.errors.keys() & {"path", "file"}:
            self.add_error("path", _("Choose a picture, or upload one."))
        file = said.get("file")
        if file and not path_for(file.name).endswith(tuple(PICTURES.split(","))):
            self.add_error(
                "file",
                _("This is no picture. Accepted are %(types)s.") % {"types": PICTURES.replace(",", ", ")},
            )
        return said


class LessonFilesForm(forms.Form):
    """What a lesson is made of that is not text: its file, and of a video the poster and the captions by language.

    Each is one that is here or an upload, whose field is called like the choice with `_file`.
    """

    base = forms.CharField(widget=forms.HiddenInput, required=False)
    use_required_attribute = False  # an upload does as well

    def __init__(
        self,
        *args: Any,
        held: Sequence[MediaFile],
        endings: Sequence[str],
        captions: Iterable[str] = (),
        is_timed: bool = False,
        has_poster: bool = False,
        **more: Any,
    ) -> None:
        super().__init__(*args, **more)
        self.held, self.names = held, list[str]()
        if endings:
            self.add("src", _("File"), endings)
        if is_timed:
            self.fields["seconds"] = forms.IntegerField(
                label=_("Length in seconds"),
                min_value=1,
                max_value=SECONDS,
                required=False,
                help_text=_("The browser fills this in as soon as the file is here."),
            )
        if has_poster:
            self.add("poster", _("Picture before it plays"), BEFORE)
        for language in captions:
            label = format_lazy(_("Captions: {language}"), language=language_name(language))
            self.add(f"captions_{language}", label, CAPTIONS)

    def add(self, name: str, label: Any, endings: Sequence[str]) -> None:
        here = [(file.path, file.name) for file in self.held if file.path.endswith(tuple(endings))]
        self.fields[name] = forms.ChoiceField(label=label, choices=[("", "–"), *here], required=False)
        self.fields[f"{name}_file"] = MediaField(
            label=format_lazy(_("{label}: upload another"), label=label),
            accept=",".join(endings),
            required=False,
        )
        self.names.append(name)

    def ask(self) -> None:
        """To be shown: what a lesson cannot do without is called so, though an upload may bring it."""
        for name in self.fields.keys() & {"src", "seconds"}:
            self.fields[name].required = True

    def uploads(self) -> list[tuple[str, UploadedFile]]:
        """By the name of the choice that each is for; those that came whole, whatever else is wrong."""
        found = ((name, self.cleaned_data.get(f"{name}_file")) for name in self.names)
        return [(name, file) for name, file in found if file]

    def must_be_whole(self) -> None:
        """Once all uploads are here: what a lesson cannot do without."""
        for name, message in (("src", CHOOSE), ("seconds", _("Say how long it is."))):
            if name in self.fields and not self.cleaned_data.get(name) and f"{name}_file" not in self.errors:
                self.add_error(name, message)

    @property
    def captions(self) -> dict[str, str]:
        chosen = {name: path for name, path in self.cleaned_data.items() if name in self.names and path}
        start = "captions_"
        return {name.removeprefix(start): path for name, path in chosen.items() if name.startswith(start)}
