"""What the database refuses of certificates: to forget one, to change what was printed, to take back a revocation."""

from lms.lib.guards import Guard, append_only

FROZEN = (
    "public_id",
    "serial",
    "definition_id",
    "snapshot",
    "snapshot_sha256",
    "holder_snapshot",
    "holder_salt",
    "holder_commitment",
    "learner_id",
    "enrollment_id",
    "issued_at",
    "valid_from",
    "valid_until",
    "language",
)

GUARDS = [
    Guard("certificates_certificate", "DELETE", message="a certificate is never deleted"),
    Guard(
        "certificates_certificate",
        "UPDATE",
        columns=FROZEN,
        message="what a certificate prints never changes",
    ),
    Guard(
        "certificates_certificate",
        "UPDATE",
        "OLD.state IN ('revoked', 'superseded', 'void') AND NEW.state <> OLD.state",
        message="a revoked, replaced or void certificate stays so",
        label="final",
    ),
    Guard(
        "certificates_certificate",
        "UPDATE",
        "OLD.pdf_sha256 <> ''",
        columns=("pdf_sha256",),
        message="a published file is never exchanged",
        label="file",
    ),
    *append_only("certificates_certificatepart"),
    *append_only("certificates_certificatefile"),
]
