"""Names of style sheets and scripts: with the hash of their content, so that browsers may keep them for ever."""

from functools import cache

from whitenoise.storage import CompressedManifestStaticFilesStorage


class KeptManifestStorage(CompressedManifestStaticFilesStorage):
    """Looks each name up once: while a process runs, the manifest that it was started with does not change."""

    def __init__(self, *settings: object, **more: object) -> None:
        super().__init__(*settings, **more)
        self.url = cache(super().url)
