"""One reading of a bundle: its files, the problems found so far, and what has been used."""

from dataclasses import dataclass, field

from django.utils.translation import gettext_lazy as _

from .bodies import Body, Facts, check_body
from .fields import Fields
from .problems import Problems
from .syntax import Document, read_document, read_text, read_yaml
from .tree import TEXT_LIMIT, Tree


@dataclass
class Reading:
    tree: Tree
    problems: Problems
    used: set[str] = field(default_factory=set)

    def below(self, folder: str) -> list[str]:
        return sorted(path for path in self.tree if path.startswith(folder))

    def text(self, path: str) -> str | None:
        self.used.add(path)
        entry = self.tree[path]
        if entry.size > TEXT_LIMIT:
            return None  # check_types has said so
        return read_text(path, entry.read(), self.problems)

    def yaml(self, path: str) -> Fields | None:
        text = self.text(path)
        node = None if text is None else read_yaml(path, text, self.problems)
        return Fields(node, path, self.problems) if node else None

    def document(self, path: str) -> tuple[Fields, Document] | None:
        text = self.text(path)
        document = None if text is None else read_document(path, text, self.problems)
        if document is None:
            return None
        return Fields(document.head, path, self.problems, first_line=2), document

    def body(self, path: str, document: Document, *, places: bool = True) -> Facts:
        """Check a body and count the files it links to as used."""
        body = Body(path, document.body, document.body_line, self.tree.keys())
        if not document.body:
            self.problems.error(
                path, document.body_line, _("There is no text below the front matter. Write it.")
            )
        facts = check_body(body, self.problems, places=places)
        self.used |= facts.assets
        return facts
