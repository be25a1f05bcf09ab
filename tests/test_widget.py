"""The help widget's files: how large they are, how they are made of modules, that they can be seen without a server."""

from __future__ import annotations

import gzip
import re
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from api import messages, widget

MOST = 15_000  # bytes, gzipped, of all that a page loads
_TOP = re.compile(r"^(?:export )?(?:async )?(?:function|class|const|let) (\w+)", re.MULTILINE)


@pytest.mark.parametrize("language", messages.LANGUAGES)
def test_all_of_it_is_small(language: str) -> None:
    files = (widget.launcher_script(), widget.panel_script(language))
    size = sum(len(gzip.compress(text.encode(), 9)) for text in files)
    print(f"the widget in {language}: {size:,} bytes gzipped")
    assert size <= MOST


def test_modules_share_one_scope_without_meeting() -> None:
    names = Counter(name for module in widget.MODULES for name in _TOP.findall((widget.STATIC / module).read_text()))
    assert [name for name, count in names.items() if count > 1] == []
    imported = re.compile(r'^import .* from "(?:\.\.?/)+(.*)";$', re.MULTILINE)
    for place, module in enumerate(widget.MODULES):
        for name in imported.findall((widget.STATIC / module).read_text()):
            assert any(earlier.endswith(name) for earlier in widget.MODULES[:place]), (module, name)


def test_messages_are_in_the_scripts_language_already() -> None:
    english, korean = widget.panel_script("en"), widget.panel_script("ko")
    assert 'say("Ask a person")' in english
    assert "Ask a person" not in korean
    assert "상담원에게 문의하기" in korean
    assert "rem;" not in widget.styles()


def test_pages_of_other_sites_may_load_it(client: TestClient) -> None:
    for address in ("/widget.js", "/widget/panel.ko.js"):
        answer = client.get(address)
        assert answer.headers["content-type"].startswith("text/javascript")
        assert answer.headers["cross-origin-resource-policy"] == "cross-origin"
    assert client.get("/widget/panel.xx.js").status_code == 404
    assert client.get("/widget/loader.js").status_code == 404
    assert client.get("/widget/stub.html").status_code == 200


def test_its_files_can_be_written_with_a_page_that_needs_no_server(tmp_path: Path) -> None:
    subprocess.run([sys.executable, "-m", "api.widget", str(tmp_path)], check=True, cwd=Path(__file__).parents[1])
    names = {str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*") if path.is_file()}
    panels = {f"widget/panel.{language}.js" for language in messages.LANGUAGES}
    assert names == {"widget.js", "widget/stub.html", "widget/stub.js", *panels}
