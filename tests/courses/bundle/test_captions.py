"""Captions are captions: each fault with its line."""

import pytest

from courses.bundle.captions import check_captions
from courses.bundle.problems import Problems

CUE = "00:00:00.000 --> 00:00:02.000"


def caption_problems(text: str) -> list[str]:
    problems = Problems()
    check_captions("a.vtt", text.encode(), problems)
    return [str(problem) for problem in problems.all]


@pytest.mark.parametrize(
    "text",
    [
        f"WEBVTT\n\n1\n{CUE}\nHello.\n",
        f"\ufeffWEBVTT - The clock\r\n\r\n{CUE}\r\nHello.\r\n",
        f"WEBVTT\nKind: captions\n\nNOTE made by hand\nover two lines\n\n{CUE} align:start line:90%\nHello.\n",
        "WEBVTT\n\n00:00.500 --> 00:02.000\n- One\n- Two\n\n00:01.000 --> 100:00:02.000\nAt the same time.\n",
        f"WEBVTT\n\n{CUE}\n<v Kari>5 &lt; 6</v> <i>and</i> <c.loud>so</c> <00:00:01.000>on\n",
        f"WEBVTT\n\nSTYLE\n::cue {{ color: white }}\n\nREGION\nid:a\n\n{CUE}\nHello.\n",
    ],
)
def test_captions_are_accepted(text):
    assert caption_problems(text) == []


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "1\n00:00:00,000 --> 00:00:02,000\nHello",
            "a.vtt, line 1: These are not WebVTT captions: the first line must be “WEBVTT”.",
        ),
        ("", "a.vtt, line 1: These are not WebVTT captions: the first line must be “WEBVTT”."),
        (
            f"\n\nWEBVTT\n\n{CUE}\nHello",
            "a.vtt, line 1: These are not WebVTT captions: the first line must be “WEBVTT”.",
        ),
        ("WEBVTT\n", "a.vtt: There is no caption in it. Write what is said, with its times."),
        (
            "WEBVTT\n\n00:00 --> 00:02\nHello",
            "a.vtt, line 3: “00:00 --> 00:02” is no line of times. Write it as 00:00:01.000 --> 00:00:04.000.",
        ),
        (
            f"WEBVTT\n\n{CUE}\nHello\n\nname\n00:00:61.000 --> 00:02:00.000\nHello",
            "a.vtt, line 7: “00:00:61.000 --> 00:02:00.000” is no line of times. "
            "Write it as 00:00:01.000 --> 00:00:04.000.",
        ),
        (
            "WEBVTT\n\n00:00:05.000 --> 00:00:02.000\nHello",
            "a.vtt, line 3: The caption at 00:00:05.000 ends before it begins. Correct its times.",
        ),
        (
            f"WEBVTT\n\n00:00:05.000 --> 00:00:06.000\nLate\n\n{CUE}\nEarly",
            "a.vtt, line 6: The caption at 00:00:00.000 begins before the one above it. Put them in the order of time.",
        ),
        (
            f"WEBVTT\n\n{CUE}\n\nHello",
            "a.vtt, line 3: The caption at 00:00:00.000 has no words. Write what is said, or remove it.",
        ),
        (
            f"WEBVTT\n\n{CUE}\nHello\n<script>alert(1)</script>",
            "a.vtt, line 5: “<script>” is not accepted in captions. Write the words alone.",
        ),
        (
            f"WEBVTT\n\n{CUE}\n<img src=x onerror=alert(1)",
            "a.vtt, line 4: “<img src=x onerror=alert(1)>” is not accepted in captions. Write the words alone.",
        ),
        (
            f"WEBVTT\n\nSTYLE\n::cue {{ background: url(https://example.org/a) }}\n\n{CUE}\nHello",
            "a.vtt, line 3: A style loads something or hides what it does. Use plain colours and measures.",
        ),
        (f"WEBVTT\n\n{CUE}\nbell \x07", "a.vtt, line 4: There is an invisible control character. Remove it."),
    ],
)
def test_what_is_no_caption_is_refused_by_its_line(text, said):
    assert said in caption_problems(text)
