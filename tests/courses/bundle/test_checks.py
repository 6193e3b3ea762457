"""A translation or layer that comes alone is held against the core that is published already."""

from courses.bundle import check_against_core, outline, read_zip

from .samples import edited, good_files, zipped


def alone(files, part):
    return read_zip(
        zipped({path: data for path, data in files.items() if path.startswith((part, "module", "assets"))})
    )


def core_outline(**removed):
    core = outline(read_zip(zipped(good_files())).core)
    return {key: lesson for key, lesson in core.items() if key not in removed}


def found(bundle, core):
    return [(problem.file, problem.level, problem.message) for problem in check_against_core(bundle, core)]


def test_outline_says_what_others_must_know():
    core = core_outline()
    assert {key: lesson.kind for key, lesson in core.items()} == {
        "welcome": "text",
        "clock": "video",
        "check": "quiz",
    }
    assert core["welcome"].anchors == {"ethics"}
    assert core["check"].questions["part-two"] == ("brochure", "site")
    assert core["check"].questions["days"] == ()


def test_translation_alone_is_read_and_checked_later():
    bundle = alone(good_files(), "translations")
    gone = found(bundle, core_outline(welcome=True))
    assert [(file, level) for file, level, _message in gone] == [
        ("translations/sv/010-welcome.md", "error"),
        ("translations/sv/030-check.quiz.yaml", "warning"),
    ]


def test_layer_alone_is_read_and_checked_later():
    bundle = alone(good_files(), "countries")
    assert found(bundle, core_outline()) == []
    assert [level for _file, level, _message in found(bundle, core_outline(welcome=True))] == ["error"]


def test_panel_whose_place_is_gone_is_a_warning():
    bundle = alone(edited("countries/FI/panels/welcome.en.md", "anchor: ethics", "anchor: gone"), "countries")
    (problem,) = found(bundle, core_outline())
    assert problem[1:] == (
        "warning",
        "The lesson has no place “:::country gone”; the panel will stand at its end.",
    )


def test_translation_with_other_places_or_missing_questions_is_a_warning():
    files = edited("translations/sv/010-welcome.md", ":::country ethics\n:::\n", "")
    text = files["translations/sv/030-check.quiz.yaml"].decode()
    files["translations/sv/030-check.quiz.yaml"] = text[: text.index("  days:")].replace("c: C", "").encode()
    said = [message for _file, _level, message in found(alone(files, "translations"), core_outline())]
    assert any("not those of the core" in message for message in said)
    assert any("“days” is not translated" in message for message in said)
    assert any("“both” is translated in part only" in message for message in said)


def test_declared_facts_are_not_reported_and_others_are():
    def said(files):
        return [str(problem) for problem in alone(files, "countries").warnings if "fact" in problem.message]

    assert said(good_files()) == []
    assert said(edited("module.yaml", "ct.ethics, ct.act", "ct.ethics")) == [
        "countries/FI/facts.yaml: module.yaml does not declare the fact “ct.act”. Add it to fact_keys."
    ]
