"""Files that are uploaded into a draft. What is in them, the checks of bundles judge."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext_lazy as _

from .bundle import path_for
from .bundle.tree import ASSET_TYPES
from .forms_editor import LINE

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
