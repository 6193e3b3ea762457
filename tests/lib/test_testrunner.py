"""`manage.py test` runs this suite and tells the truth about it."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize(("line", "status"), [("assert True", 0), ("assert False", 1)])
def test_manage_test_reports_what_pytest_found(tmp_path, line, status):
    test = tmp_path / "test_one.py"
    test.write_text(f"def test_one():\n    {line}\n")
    command = [sys.executable, "manage.py", "test", str(test)]
    result = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert (result.returncode != 0) == bool(status), result.stdout + result.stderr
    assert ("1 passed" in result.stdout) == (status == 0)
