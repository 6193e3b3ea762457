"""What the database refuses once a revision is published: its content, its children, its deletion."""

from dataclasses import replace

from lms.lib.guards import Guard, append_only

SETTLED = "('published', 'withdrawn')"
MESSAGE = "a published revision cannot be changed"

REVISION_CONTENT = (
    "edition_id",
    "number",
    "meta",
    "outline",
    "content_hash",
    "lacks_local_review",
    "change_class",
    "published_at",
    "effective_on",
    "retake_by",
)
WITHDRAWAL = ("status", "withdraw_on", "withdrawn_at", "withdrawal_reason", "successor_id")

CHILDREN = (
    "courses_lesson",
    "courses_lessontranslation",
    "courses_question",
    "courses_panel",
    "courses_factstatement",
    "courses_rendering",
    "courses_revisionasset",
)


def settled(row: str) -> str:
    return (
        f"EXISTS (SELECT 1 FROM courses_revision r WHERE r.id = {row}.revision_id "  # noqa: S608
        f"AND r.status IN {SETTLED})"
    )


def child_guards(table: str) -> list[Guard]:
    return [
        Guard(table, "INSERT", settled("NEW"), message=MESSAGE),
        Guard(table, "UPDATE", f"{settled('OLD')} OR {settled('NEW')}", message=MESSAGE),
        Guard(table, "DELETE", settled("OLD"), message=MESSAGE),
    ]


# Not a constraint: what was published before references were asked for cannot change any more, and stands.
WITHOUT_REFERENCE = Guard(
    "courses_factstatement",
    "INSERT",
    "NEW.status = 'verified' AND NEW.legal_ref = ''",
    message="a verified fact needs a reference",
    label="reference",
)

GUARDS = [
    WITHOUT_REFERENCE,
    replace(WITHOUT_REFERENCE, operation="UPDATE"),
    Guard("courses_revision", "UPDATE", f"OLD.status IN {SETTLED}", REVISION_CONTENT, MESSAGE),
    Guard(
        "courses_revision",
        "UPDATE",
        f"OLD.status IN {SETTLED} AND NEW.status NOT IN {SETTLED}",
        message=MESSAGE,
        label="reopen",
    ),
    Guard(
        "courses_revision",
        "UPDATE",
        "OLD.status = 'withdrawn'",
        WITHDRAWAL,
        "a withdrawn revision stays withdrawn",
        label="withdrawal",
    ),
    Guard("courses_revision", "DELETE", f"OLD.status IN {SETTLED}", message=MESSAGE),
    *(guard for table in CHILDREN for guard in child_guards(table)),
    *append_only("courses_factcheck"),
]
