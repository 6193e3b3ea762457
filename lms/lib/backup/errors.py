"""What can go wrong, in words for the operator."""


class BackupFailed(Exception):
    """It could not be done; the message says why. The database is as it was."""


class WrongArchive(BackupFailed):
    """The archive is damaged, incomplete or not for this installation. Nothing was changed."""
