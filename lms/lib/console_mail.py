"""Mail for a site without a mail server: printed where the site was started, to be read and clicked by a person."""

from django.core.mail import EmailMessage
from django.core.mail.backends import console

RULE = "─" * 78


class EmailBackend(console.EmailBackend):
    """Prints whom, what about, and the plain text; not the encoded form that travels between mail servers."""

    def write_message(self, message: EmailMessage) -> None:
        lines = (
            RULE,
            f"To: {', '.join(message.to)}",
            f"Subject: {message.subject}",
            "",
            str(message.body).strip(),
        )
        self.stream.write("\n".join(lines) + "\n")
        self.stream.write(RULE + "\n")
