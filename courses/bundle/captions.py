"""What captions must be: WebVTT, every fault with its line."""

import re
from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from .drawings import LOADS, UNSAFE_STYLE
from .problems import Problems
from .syntax import read_text

TIME = r"(?:(\d{2,}):)?([0-5]\d):([0-5]\d)\.(\d{3})"
TIMING = re.compile(rf"{TIME}[ \t]+-->[ \t]+{TIME}(?:[ \t]+\S.*)?")
# The marks of WebVTT, and the times that karaoke uses; everything else between < and > is markup of something else.
MARKS = re.compile(r"/?(?:b|i|u|c|v|ruby|rt|lang)(?:[.\s][^>]*)?|[\d:.]+|/")
MARKUP = re.compile(r"<([^>]*)>?")

Block = tuple[int, list[str]]


def check_captions(file: str, data: bytes, problems: Problems) -> None:
    """At least one cue; each well formed, with words, ending after it begins, none beginning before the one above."""
    text = read_text(file, data, problems)
    if text is None:
        return
    first, *others = blocks(text) or [(1, [""])]
    if first[0] != 1 or not re.fullmatch(r"WEBVTT(?:[ \t].*)?", first[1][0]):
        problems.error(file, 1, _("These are not WebVTT captions: the first line must be “WEBVTT”."))
        return
    last, cues = 0, 0
    for line, lines in others:
        if lines[0].startswith("STYLE"):
            _check_style(file, line, lines, problems)
        elif not lines[0].startswith(("NOTE", "REGION")):
            last, cues = _check_cue(file, line, lines, last, problems), cues + 1
    if not cues:
        problems.error(file, None, _("There is no caption in it. Write what is said, with its times."))


def blocks(text: str) -> list[Block]:
    """What stands between empty lines, each with the number of its first line."""
    found: list[Block] = []
    is_open = False
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            is_open = False
        elif is_open:
            found[-1][1].append(line)
        else:
            found.append((number, [line]))
            is_open = True
    return found


def _check_cue(file: str, line: int, lines: list[str], last: int, problems: Problems) -> int:
    """Where it begins, in milliseconds; `last` is where the one above does."""
    if "-->" not in lines[0] and len(lines) > 1:  # a name of the cue
        line, lines = line + 1, lines[1:]
    found = TIMING.fullmatch(lines[0].strip())
    if found is None:
        message = _("“%(text)s” is no line of times. Write it as 00:00:01.000 --> 00:00:04.000.")
        problems.error(file, line, message, text=lines[0][:80])
        return last
    start, end = milliseconds(found.groups()[:4]), milliseconds(found.groups()[4:])
    shown = lines[0].split()[0]
    if end <= start:
        message = _("The caption at %(start)s ends before it begins. Correct its times.")
        problems.error(file, line, message, start=shown)
    if start < last:
        message = _("The caption at %(start)s begins before the one above it. Put them in the order of time.")
        problems.error(file, line, message, start=shown)
    if len(lines) == 1:
        message = _("The caption at %(start)s has no words. Write what is said, or remove it.")
        problems.error(file, line, message, start=shown)
    for number, name in marks_in(lines[1:]):
        message = _("“<%(name)s>” is not accepted in captions. Write the words alone.")
        problems.error(file, line + number, message, name=name)
    return max(start, last)


def milliseconds(parts: tuple[str | None, ...]) -> int:
    hours, minutes, seconds, thousandths = (int(part or 0) for part in parts)
    return ((hours * 60 + minutes) * 60 + seconds) * 1000 + thousandths


def marks_in(lines: list[str]) -> Iterator[tuple[int, str]]:
    """Markup that is none of WebVTT's, with the line it stands on."""
    for number, line in enumerate(lines, 1):
        for mark in MARKUP.findall(line):
            if not MARKS.fullmatch(mark):
                yield number, mark[:40]


def _check_style(file: str, line: int, lines: list[str], problems: Problems) -> None:
    style = "\n".join(lines)
    if LOADS.search(style) or UNSAFE_STYLE.search(style):
        message = _("A style loads something or hides what it does. Use plain colours and measures.")
        problems.error(file, line, message)
