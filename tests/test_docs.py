"""What the documentation says is so: commands exist, settings are all there, shown JSON keys are real."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from kb.settings import Settings

ROOT = Path(__file__).parents[1]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md")), ROOT / "bench" / "README.md"]
_NOUNS = "keys|users|groups|tickets|synonyms|curations|digest|gaps|health"
_COMMAND = rf"^\$? ?kb (?:--server \S+ )?((?:(?:{_NOUNS}) [a-z]+|jobs run|[a-z]+))(.*)$"
SHOWN = [line for page in PAGES for line in re.findall(_COMMAND, page.read_text(), re.MULTILINE)]
COMMANDS = sorted({command for command, _ in SHOWN})


def test_commands_are_documented() -> None:
    assert {"index", "search", "suggest", "serve", "health", "gaps", "eval", "status", "show"} <= set(COMMANDS)


@pytest.mark.parametrize("command", COMMANDS)
def test_documented_commands_and_their_options_exist(command: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "kb", *command.split(), "--help"],
        capture_output=True,
        text=True,
        check=False,
        env={"COLUMNS": "200", "NO_COLOR": "1", "PATH": "/usr/bin:/bin"},
    )
    assert done.returncode == 0
    shown = [rest for name, rest in SHOWN if name == command]
    for option in {o for line in shown for o in re.findall(r"--[a-z-]+", line.split("#")[0])}:
        assert option in done.stdout, f"kb {command} {option}"


def test_every_setting_is_in_the_readme() -> None:
    readme = (ROOT / "README.md").read_text()
    assert [key for key in Settings.model_fields if f"`{key}`" not in readme] == []


def test_links_between_pages_lead_somewhere() -> None:
    for page in PAGES:
        for target in re.findall(r"\]\(([^)#:]+)[^):]*\)", page.read_text()):
            assert (page.parent / target).exists(), f"{page.name}: {target}"


def test_every_dependency_has_its_reason() -> None:
    import tomllib

    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    names = project["dependencies"] + project["optional-dependencies"]["dev"]
    page = (ROOT / "docs" / "dependencies.md").read_text()
    assert [n for n in (re.split(r"[<>=;]", name)[0] for name in names) if f"`{n}`" not in page] == []


def test_problem_types_are_documented() -> None:
    code = "".join(path.read_text() for path in (ROOT / "api").glob("*.py"))
    kinds = set(re.findall(r'problem\(\s*\d+, "([a-z-]+)"', code)) | set(re.findall(r'\(\d+, "([a-z-]+)"\)', code))
    page = (ROOT / "docs" / "api.md").read_text()
    assert len(kinds) >= 8
    assert [kind for kind in kinds if f"urn:kb:problem:{kind}" not in page] == []


def test_every_check_is_documented_as_it_is() -> None:
    from articles.health import CHECKS

    page = (ROOT / "docs" / "upkeep.md").read_text()
    wrong = [name for name, check in CHECKS.items() if f"| `{name}` | {check.severity} | {check.why} |" not in page]
    assert wrong == []
