"""A good module reads whole; each fault is found, with file, line and what to do."""

import io
from datetime import date
from decimal import Decimal

import pytest
from django.utils.translation import override

from courses.bundle import BundleRefused, edition_hashes, read_folder, read_zip
from courses.content import NativeTerm, QuestionText

from .samples import changed, edited, errors, errors_of_folder, good_files, said, write_files, zipped


@pytest.fixture
def bundle():
    return read_zip(zipped(good_files()))


def test_module_reads_whole(bundle):
    assert bundle.module.key == "small-module"
    assert bundle.module.hours == Decimal("0.5")
    assert bundle.module.title == {"en": "A small module", "sv": "En liten modul"}
    assert [lesson.key for lesson in bundle.core.lessons] == ["welcome", "clock", "check"]
    assert bundle.core.lesson("clock").video.captions == {"en": "assets/clock.en.vtt"}
    assert bundle.core.lesson("check").quiz.pass_percent == 80
    assert set(bundle.assets) == {path for path in good_files() if path.startswith("assets/")}


def test_questions_keep_rule_and_words_apart(bundle):
    question = bundle.core.lesson("check").quiz.questions[0]
    assert question.rule == {"options": ["brochure", "site"], "correct": ["site"]}
    assert question.texts == {
        "en": QuestionText(
            prompt="Which document belongs in Part II?",
            options={"brochure": "The brochure", "site": "The site form"},
            feedback={"brochure": "That is Part I."},
            explanation="Part II is about people and places.",
        )
    }
    assert [item.rule for item in bundle.core.lesson("check").quiz.questions[1:]] == [
        {"options": ["a", "b", "c"], "correct": ["a", "b"]},
        {"correct": True},
        {"answer": "60", "tolerance": "0"},
    ]


def test_layer_reads_whole(bundle):
    layer = bundle.layers["FI"]
    fact = layer.facts[0]
    assert (layer.owner, layer.languages, layer.pass_percent) == ("laaketietokeskus", ("en", "sv"), None)
    assert (fact.verified_on, fact.review_due_on) == (date(2026, 11, 20), date(2027, 5, 20))
    assert fact.native_terms == (NativeTerm("fi", "Tukija"),)
    assert layer.panels[0].facts == ("ct.ethics", "ct.act")
    assert layer.quiz.questions[0].texts["sv"].prompt == "Vem granskar?"


def test_folder_reads_as_its_zip_does(tmp_path, bundle):
    assert read_folder(write_files(tmp_path, good_files())) == bundle


def test_order_in_the_archive_does_not_matter(bundle):
    backwards = dict(reversed(good_files().items()))
    assert read_zip(zipped(backwards)) == bundle


def test_line_ends_byte_order_marks_and_accents_do_not_matter(bundle):
    text = good_files()["translations/sv/010-welcome.md"].decode()
    decomposed = text.replace("ä", "a\u0308").replace("\n", "\r\n")
    files = changed({"translations/sv/010-welcome.md": b"\xef\xbb\xbf" + decomposed.encode()})
    assert read_zip(zipped(files)) == bundle


def test_good_module_warns_of_missing_sources_only():
    assert [line.split(":")[0] for line in said(good_files())] == [
        "translations/sv/010-welcome.md",
        "translations/sv/030-check.quiz.yaml",
    ]


@pytest.mark.parametrize("part", ["core", "translations", "countries"])
def test_any_subset_of_editions_reads(part, bundle):
    files = {path: data for path, data in good_files().items() if path.startswith((part, "assets", "module"))}
    alone = read_zip(zipped(files))
    assert (alone.core is not None, bool(alone.translations), bool(alone.layers)) == (
        part == "core",
        part == "translations",
        part == "countries",
    )


SWEDISH = "translations/sv/010-welcome.md"


def test_a_translation_may_await_a_native_reviewer():
    files = edited(SWEDISH, "title: Välkommen", "title: Välkommen\nreview: awaiting-native-reviewer")
    found = read_zip(zipped(files))
    assert found.translations["sv"].lessons["welcome"].review == "awaiting-native-reviewer"
    assert found.translations["sv"].lessons["check"].review == ""
    assert "review" not in " ".join(str(each) for each in found.warnings)


def test_another_review_is_refused():
    files = edited(SWEDISH, "title: Välkommen", "title: Välkommen\nreview: done")
    assert errors(files) == [
        f"{SWEDISH}, line 4: “done” is not known as “review”. Choose one of: awaiting-native-reviewer."
    ]


def test_unknown_keys_are_kept_and_reported():
    files = edited("core/010-welcome.md", "minutes: 5", "minutes: 5\nmood: {calm: [1, yes]}")
    bundle = read_zip(zipped(files))
    assert bundle.core.lesson("welcome").extra == {"mood": {"calm": [1, "yes"]}}
    known = "core/010-welcome.md, line 6: The key “mood” is not known here. It is kept, and does nothing."
    assert known in said(files)


def test_unquoted_norway_stays_norway_and_is_reported():
    files = edited("countries/FI/layer.yaml", 'country: "FI"', "country: NO")
    moved = {path.replace("countries/FI", "countries/NO"): data for path, data in files.items()}
    assert read_zip(zipped(moved)).layers["NO"].country == "NO"
    quotes = "countries/NO/layer.yaml, line 1: “NO” should stand in quotes: other programs read it as something else."
    assert quotes in said(moved)


def test_all_problems_are_found_at_once():
    files = edited("core/010-welcome.md", "minutes: 5", "minutes: many")
    files |= {"core/020-clock.md": b"no front matter", "assets/tool.exe": b"MZ"}
    assert [line.split(":")[0] for line in errors(files)] == [
        "assets/tool.exe",
        "core/010-welcome.md, line 5",
        "core/020-clock.md, line 1",
    ]


def test_messages_speak_the_reader_s_language_not_the_finder_s():
    with override("sv"), pytest.raises(BundleRefused) as refused:
        read_zip(zipped(changed({"module.yaml": None})))
    with override("en"):
        assert refused.value.problems[0].message.startswith("There is no module.yaml")


def test_refusal_counts_errors():
    with pytest.raises(BundleRefused) as refused:
        read_zip(zipped(changed({"assets/a.exe": b"MZ", "assets/b.exe": b"MZ"})))
    assert str(refused.value.message) == "The bundle has 2 errors. Nothing was imported."


FAULTS = [
    # file, old passage, new passage, expected place, expected words
    (
        "module.yaml",
        "format: 1",
        "format: 2",
        "module.yaml",
        "This is format 2; this installation reads up to 1",
    ),
    ("module.yaml", "format: 1\n", "", "module.yaml, line 1", "“format” is missing"),
    ("module.yaml", "key: small-module", "key: Small-Module", "module.yaml, line 2", "is no key"),
    ("module.yaml", "clinical-research", "cooking", "module.yaml, line 5", "“cooking” is not known"),
    (
        "module.yaml",
        "source_language: en",
        "source_language: tlh",
        "module.yaml, line 6",
        "not a language we know",
    ),
    (
        "module.yaml",
        'title: {en: "A small module"',
        'title: {nb: "En liten modul"',
        "module.yaml, line 8",
        "“en”, is missing",
    ),
    ("module.yaml", 'hours: "0.5"', 'hours: "half"', "module.yaml, line 13", "must be a number in quotes"),
    ("module.yaml", 'hours: "0.5"', 'hours: "0"', "module.yaml, line 13", "must be more than 0"),
    ("module.yaml", 'hours: "0.5"', 'hours: "1000"', "module.yaml, line 13", "must be at most 999"),
    (
        "core/010-welcome.md",
        "minutes: 5",
        f"minutes: 5\nsection: {'x' * 161}",
        "core/010-welcome.md, line 6",
        "may have 160 characters",
    ),
    (
        "core/010-welcome.md",
        "minutes: 5",
        "minutes: 5\nsection: [a]",
        "core/010-welcome.md, line 6",
        "“section” must be text",
    ),
    (
        "core/020-clock.md",
        "src: ../assets/clock.mp4",
        'src: "http://[x"',
        "core/020-clock.md, line 7",
        "leads to no file",
    ),
    (
        "countries/FI/facts.yaml",
        "https://tukija.fi",
        '"http://[x"',
        "countries/FI/facts.yaml, line 6",
        "is no web address",
    ),
    *(
        (
            "countries/FI/facts.yaml",
            'verified_on: "2026-11-20"',
            f'verified_on: "{day}"',
            "countries/FI/facts.yaml, line 7",
            "must be a date in quotes",
        )
        for day in ("9999-12-01", "0001-01-01", "2026-W47-5", "20261120", "2026-02-30")
    ),
    (
        "module.yaml",
        "  - core/020-clock.md\n",
        "  - core/020-gone.md\n",
        "module.yaml, line 19",
        "is not in the bundle",
    ),
    ("module.yaml", "  - core/020-clock.md\n", "", "core/020-clock.md", "belongs to nothing"),
    ("module.yaml", "core/020-clock.md", "core/010-welcome.md", "module.yaml, line 19", "listed twice"),
    (
        "module.yaml",
        "co_owners: [",
        "co_owners: [lakemedelsakademin, ",
        "module.yaml, line 4",
        "the same thing twice",
    ),
    ("core/010-welcome.md", "kind: text", "kind: poem", "core/010-welcome.md, line 3", "“poem” is not known"),
    ("core/010-welcome.md", "title: Welcome\n", "", "core/010-welcome.md, line 2", "“title” is missing"),
    (
        "core/010-welcome.md",
        "required: true",
        "required: maybe",
        "core/010-welcome.md, line 6",
        "true or false",
    ),
    (
        "core/010-welcome.md",
        "key: welcome",
        "key: country-check",
        "core/010-welcome.md, line 2",
        "is kept for",
    ),
    (
        "core/020-clock.md",
        "key: clock",
        "key: welcome",
        "core/020-clock.md, line 2",
        "is taken by core/010-welcome.md",
    ),
    (
        "core/020-clock.md",
        "captions: {en: ../assets/clock.en.vtt}\n",
        "",
        "core/020-clock.md, line 2",
        "Captions in the source language, “en”, are missing.",
    ),
    (
        "core/020-clock.md",
        "{en: ../assets",
        "{sv: ../assets",
        "core/020-clock.md, line 9",
        "Captions in the source language",
    ),
    (
        "core/020-clock.md",
        "src: ../assets/clock.mp4",
        "src: ../assets/gone.mp4",
        "core/020-clock.md, line 7",
        "leads to no file",
    ),
    (
        "core/020-clock.md",
        "src: ../assets/clock.mp4",
        "src: ../assets/clock.png",
        "core/020-clock.md, line 7",
        "wrong type",
    ),
    (
        "core/020-clock.md",
        "src: ../assets/clock.mp4",
        "src: ../../x.mp4",
        "core/020-clock.md, line 7",
        "leads to no file",
    ),
    ("core/020-clock.md", "What the film says.\n", "", "core/020-clock.md, line 13", "There is no text"),
    (
        "core/030-check.quiz.yaml",
        "kind: single",
        "kind: essay",
        "core/030-check.quiz.yaml, line 11",
        "“essay” is not known",
    ),
    (
        "core/030-check.quiz.yaml",
        "key: both",
        "key: part-two",
        "core/030-check.quiz.yaml, line 18",
        "Two questions have the key",
    ),
    (
        "core/030-check.quiz.yaml",
        "key: brochure",
        "key: site",
        "core/030-check.quiz.yaml, line 15",
        "Two options have the key",
    ),
    (
        "core/030-check.quiz.yaml",
        ", correct: true}\n    expl",
        "}\n    expl",
        "core/030-check.quiz.yaml, line 13",
        "Mark exactly one",
    ),
    (
        "core/030-check.quiz.yaml",
        'answer: "60"',
        "answer: sixty",
        "core/030-check.quiz.yaml, line 21",
        "must be a number",
    ),
    (
        "core/030-check.quiz.yaml",
        '    references: ["Reg. (EU) 536/2014 Art. 7"]\n',
        "",
        "core/030-check.quiz.yaml, line 10",
        "rests on nothing",
    ),
    (
        "core/030-check.quiz.yaml",
        'references: ["Reg.',
        'rests_on: [ct.ethics]\n    references: ["Reg.',
        "core/030-check.quiz.yaml, line 17",
        "Only questions of a national layer",
    ),
    (
        "core/030-check.quiz.yaml",
        "pass: 80",
        "pass: 120",
        "core/030-check.quiz.yaml, line 6",
        "a whole number from 1 to 100",
    ),
    (
        "core/030-check.quiz.yaml",
        "draw: null",
        "draw: 9",
        "core/030-check.quiz.yaml, line 8",
        "more questions than there are",
    ),
    (
        "translations/sv/010-welcome.md",
        "key: welcome",
        "key: gone",
        "translations/sv/010-welcome.md, line 2",
        "which the core does not have",
    ),
    (
        "translations/sv/030-check.quiz.yaml",
        "key: check",
        "key: clock",
        "translations/sv/030-check.quiz.yaml, line 1",
        "of another kind",
    ),
    (
        "translations/sv/010-welcome.md",
        "key: welcome",
        "key: check",
        "translations/sv/030-check.quiz.yaml, line 1",
        "translates “check” already",
    ),
    (
        "translations/sv/010-welcome.md",
        "title:",
        "source: abc\ntitle:",
        "translations/sv/010-welcome.md, line 3",
        "64 characters",
    ),
    (
        "translations/sv/030-check.quiz.yaml",
        "  days:",
        "  weeks:",
        "translations/sv/030-check.quiz.yaml, line 11",
        "translates the question “weeks”",
    ),
    (
        "translations/sv/030-check.quiz.yaml",
        "{a: A,",
        "{z: A,",
        "translations/sv/030-check.quiz.yaml, line 9",
        "has no option “z”",
    ),
    (
        "countries/FI/layer.yaml",
        '"FI"',
        '"SE"',
        "countries/FI/layer.yaml, line 1",
        "stands in the folder of “FI”",
    ),
    (
        "countries/FI/layer.yaml",
        '"FI"',
        '"ZZ"',
        "countries/FI/layer.yaml, line 1",
        "“ZZ” is not a country we know",
    ),
    (
        "countries/FI/layer.yaml",
        "[en, sv]",
        "[sv]",
        "countries/FI/layer.yaml, line 4",
        "must name the source language",
    ),
    (
        "countries/FI/layer.yaml",
        "[en, sv]",
        "[en]",
        "countries/FI/questions.yaml, line 1",
        "does not list the language “sv”",
    ),
    (
        "countries/FI/facts.yaml",
        "    source_url: https://tukija.fi\n",
        "",
        "countries/FI/facts.yaml, line 2",
        "has no source",
    ),
    (
        "countries/FI/facts.yaml",
        '    verified_on: "2026-11-20"\n',
        "",
        "countries/FI/facts.yaml, line 2",
        "has no date",
    ),
    (
        "countries/FI/facts.yaml",
        "    legal_ref: Act 983/2021\n",
        "",
        "countries/FI/facts.yaml, line 2",
        "The verified fact “ct.ethics” has no reference. Add legal_ref (the article of law, or the document or page "
        "that says it), or set status: confirm.",
    ),
    (
        "countries/FI/questions.yaml",
        "    rests_on: [ct.ethics]\n",
        '    references: ["Act 983/2021"]\n',
        "countries/FI/questions.yaml, line 4",
        "The country question “fi-ethics” rests on no fact. Name in rests_on what it asks about.",
    ),
    (
        "countries/FI/facts.yaml",
        "https://tukija.fi",
        "javascript:alert(1)",
        "countries/FI/facts.yaml, line 6",
        "is no web address",
    ),
    (
        "countries/FI/facts.yaml",
        "2026-11-20",
        "2026-02-30",
        "countries/FI/facts.yaml, line 7",
        "must be a date in quotes",
    ),
    (
        "countries/FI/facts.yaml",
        "2027-05-20",
        "2026-05-20",
        "countries/FI/facts.yaml, line 8",
        "due for review before it was checked",
    ),
    (
        "countries/FI/facts.yaml",
        "key: ct.act",
        "key: ct.ethics",
        "countries/FI/facts.yaml, line 10",
        "Two facts have the key",
    ),
    (
        "countries/FI/facts.yaml",
        "status: verified",
        "status: certain",
        "countries/FI/facts.yaml, line 9",
        "“certain” is not known",
    ),
    (
        "countries/FI/questions.yaml",
        "[ct.ethics]",
        "[ct.act]",
        "countries/FI/questions.yaml, line 11",
        "is not verified",
    ),
    (
        "countries/FI/questions.yaml",
        "[ct.ethics]",
        "[ct.gone]",
        "countries/FI/questions.yaml, line 11",
        "is not in facts.yaml",
    ),
    (
        "countries/FI/panels/welcome.en.md",
        "lesson: welcome",
        "lesson: gone",
        "countries/FI/panels/welcome.en.md, line 2",
        "which the core does not have",
    ),
    (
        "countries/FI/panels/welcome.en.md",
        "language: en",
        "language: nb",
        "countries/FI/panels/welcome.en.md, line 3",
        "does not list the language “nb”",
    ),
    (
        "countries/FI/panels/welcome.en.md",
        "ct.act]",
        "ct.gone]",
        "countries/FI/panels/welcome.en.md, line 5",
        "is not in facts.yaml",
    ),
]


@pytest.mark.parametrize(("path", "old", "new", "place", "words"), FAULTS)
def test_fault_is_refused_with_its_place(path, old, new, place, words):
    found = errors(edited(path, old, new))
    assert any(line.startswith(f"{place}:") and words in line for line in found), found


STRAYS = [
    ({f"assets/{'a' * 200}.pdf": "%PDF-"}, f"assets/{'a' * 200}.pdf", "too long"),
    ({"notes.md": "hello"}, "notes.md", "belongs to nothing"),
    (
        {"translations/xx/welcome.md": "---\nkey: welcome\ntitle: T\n---\nText."},
        "translations/xx",
        "not a language we know",
    ),
    ({"countries/FI/layer.yaml": None}, "countries/FI", "layer.yaml is missing"),
    ({"core/Welcome.md": "x"}, "core/Welcome.md", "a–z, 0–9"),
    ({"core/väl.md": "x"}, "core/väl.md", "a–z, 0–9"),
    ({".gitignore": "x"}, ".gitignore", "a–z, 0–9"),
    ({"assets/tool.exe": "MZ"}, "assets/tool.exe", "not accepted"),
    ({"assets/page.html": "<p>"}, "assets/page.html", "not accepted"),
    ({"core/parts.svg": "<svg/>"}, "core/parts.svg", "wrong folder"),
    ({"assets/notes.md": "text"}, "assets/notes.md", "wrong folder"),
    ({"assets/clock.png": "GIF89a"}, "assets/clock.png", "not what “.png” says"),
    ({"assets/clock.mp4": "PDF"}, "assets/clock.mp4", "not what “.mp4” says"),
    ({"core/010-welcome.md": b"---\nkey: \xff\n---\n"}, "core/010-welcome.md, line 2", "not UTF-8"),
    (
        {"core/010-welcome.md": "---\nkey: a\n---\n\nding \x07"},
        "core/010-welcome.md, line 5",
        "control character",
    ),
    ({"manifest.lock": "nonsense"}, "manifest.lock, line 1", "no line of a manifest"),
    ({"core/010-welcome.md": "x" * (1024**2 + 1)}, "core/010-welcome.md", "1 MB"),
]


@pytest.mark.parametrize(("changes", "place", "words"), STRAYS)
def test_stray_or_wrong_file_is_refused(changes, place, words):
    found = errors(changed(changes))
    assert any(line.startswith(f"{place}:") and words in line for line in found), found


def test_no_module_yaml_is_refused():
    assert errors(changed({"module.yaml": None})) == [
        "module.yaml: There is no module.yaml at the top. Pack the folder that holds it."
    ]


def test_names_equal_but_for_case_are_refused(tmp_path):
    found = errors(changed({"assets/Parts.svg": b"x"}))
    assert any("only in case" in line for line in found)


def test_readme_is_for_people_and_belongs_to_no_hash():
    with_readme = read_zip(zipped(changed({"README.md": "# Hello"})))
    assert edition_hashes(with_readme) == edition_hashes(read_zip(zipped(good_files())))


def test_link_in_a_folder_is_refused_and_not_followed(tmp_path):
    secret = tmp_path / "secret.md"
    secret.write_text("secret")
    root = write_files(tmp_path / "module", good_files())
    (root / "core" / "link.md").symlink_to(secret)
    assert errors_of_folder(root) == [
        "core/link.md: This is a link or a device. Put the file itself in its place."
    ]


def test_folder_that_is_not_there_is_refused(tmp_path):
    assert "This is not a folder" in errors_of_folder(tmp_path / "gone")[0]


def test_empty_file_instead_of_zip_is_refused():
    with pytest.raises(BundleRefused, match="not a whole zip"):
        read_zip(io.BytesIO(b""))
