"""How much one request may upload. Django would write any file to the disk before a form gets to refuse it."""

from io import BytesIO
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler


class CappedUpload(FileUploadHandler):
    """Stands before the handlers that store, and hands nothing on to them past the limit of the request.

    A file that is too large arrives empty, but says its size: the form that asks for it says what is the matter.
    """

    def __init__(self, request: Any = None) -> None:
        super().__init__(request)
        self.left = settings.BUNDLE_MAX_UPLOAD
        self.is_cut = False

    def new_file(self, *arguments: Any, **values: Any) -> None:
        super().new_file(*arguments, **values)
        self.is_cut = False

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        self.left -= len(raw_data)
        self.is_cut = self.is_cut or self.left < 0
        return None if self.is_cut else raw_data

    def file_complete(self, file_size: int) -> "UploadedFile[bytes] | None":
        if not self.is_cut:
            return None
        for handler in self.request.upload_handlers if self.request else ():
            if hasattr(
                handler, "file"
            ):  # what has come so far, thrown away as after an upload that broke off
                handler.file.close()
        size = max(
            file_size, settings.BUNDLE_MAX_UPLOAD + 1
        )  # small by itself, it may have come after a large one
        return UploadedFile(BytesIO(), self.file_name, self.content_type, size, self.charset)
