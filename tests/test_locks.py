"""The lock files: complete, hashed, and without a trace of the machine that wrote them."""

import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
LOCKS = [
    "requirements.txt",
    "requirements-test.txt",
    "requirements-scale.txt",
    ".ci/browser.txt",
    ".ci/lint.txt",
]


def check_locks(folder: Path) -> subprocess.CompletedProcess[str]:
    """`make check-lock` in that folder."""
    makefile = str(ROOT / "Makefile")
    return subprocess.run(
        ["make", "--no-print-directory", "-f", makefile, "check-lock"],
        cwd=folder,
        capture_output=True,
        text=True,
    )


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    (tmp_path / ".ci").mkdir()
    for lock in LOCKS:
        (tmp_path / lock).write_text((ROOT / lock).read_text())
    return tmp_path


def test_locks_hold_no_address(copy):
    assert check_locks(copy).returncode == 0


@pytest.mark.parametrize("lock", LOCKS)
@pytest.mark.parametrize("line", ["x @ file:y", "--index-url https://mirror.example/simple"])
def test_an_address_is_found(copy, lock, line):
    with (copy / lock).open("a") as file:
        file.write(f"{line}\n")
    result = check_locks(copy)
    assert result.returncode != 0
    assert line in result.stdout


@pytest.mark.parametrize("lock", LOCKS)
def test_every_requirement_has_hashes(lock):
    pinned = [line for line in (ROOT / lock).read_text().splitlines() if line and line[0].isalnum()]
    assert len(pinned) > 5
    assert [line for line in pinned if "==" not in line or not line.endswith("\\")] == []


def test_locks_agree_on_every_version():
    """They are installed into one environment, one after the other."""
    versions: dict[str, set[str]] = {}
    for lock in LOCKS:
        for line in (ROOT / lock).read_text().splitlines():
            if "==" in line and line[0].isalnum():
                name, _, version = line.partition(" ")[0].partition("==")
                versions.setdefault(name, set()).add(version)
    assert {name: found for name, found in versions.items() if len(found) > 1} == {}
