"""Generated requests to every operation of the API: no server error, nothing that its OpenAPI document does not say."""

from __future__ import annotations

import json
import os
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from fastapi.testclient import TestClient
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis.checks import CHECKS, load_all_checks

from api.app import create_app
from kb.settings import Settings
from tests.conftest import Shop, TinyEmbedder

DOCUMENT = Path(__file__).parents[1] / "docs" / "openapi.json"
EXAMPLES = int(os.environ.get("FUZZ_EXAMPLES", "25"))
OPERATIONS = [
    (method.upper(), path)
    for path, operations in json.loads(DOCUMENT.read_text(encoding="utf-8"))["paths"].items()
    for method in operations
    if method in ("get", "put", "post", "delete", "patch")
]
load_all_checks()
_CHECKS = CHECKS.get_by_names(
    ["not_a_server_error", "status_code_conformance", "content_type_conformance", "response_schema_conformance"]
)


@schemathesis.serializer("application/x-ndjson")
def lines(_context: object, value: object) -> bytes:
    """Generated text as lines of a bulk write."""
    return value if isinstance(value, bytes) else str(value).encode(errors="replace")


KNOWN = ("refunds", "en/refunds", "draft", "환불/안내", "nothing")


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Any, dict[str, str]]]:
    """The schema of a server with something in it, and the header of somebody who may do anything."""
    shop = Shop(tmp_path_factory.mktemp("home"), TinyEmbedder())
    shop.settings = shop.home.settings = Settings(home=shop.settings.home, chunk_tokens=60, rate_limit=10_000_000)
    shop.put("refunds", "Refunds are paid within 14 days.", title="Refunds")
    shop.put("en/refunds", "Refunds", title="Refunds", space="main")
    shop.put("draft", "Not yet.", title="Draft", state="draft")
    shop.put("환불/안내", "환불은 14일 이내에 해 드립니다.", title="환불", locale="ko")
    app = create_app(shop.settings, shop.home)
    with TestClient(app, base_url="http://127.0.0.1"):
        yield schemathesis.openapi.from_asgi("/openapi.json", app, headers={"Host": "127.0.0.1"}), shop.key("admin")
    shop.home.close()


def test_the_document_in_the_repository_is_the_servers(request: pytest.FixtureRequest, shop: Shop) -> None:
    found = json.dumps(create_app(shop.settings, shop.home).openapi(), ensure_ascii=False, indent=1) + "\n"
    if request.config.getoption("--update"):
        DOCUMENT.write_text(found, encoding="utf-8")
    assert found == DOCUMENT.read_text(encoding="utf-8"), "run pytest tests/test_fuzz.py --update and read the diff"
    assert json.loads(found)["openapi"].startswith("3.1")


@pytest.mark.fuzz
@pytest.mark.parametrize(("method", "path"), OPERATIONS)
def test_generated_requests_are_answered_as_documented(
    server: tuple[Any, dict[str, str]], method: str, path: str
) -> None:
    schema, admin = server
    operation = schema[path][method]

    @given(case=operation.as_strategy(), known=st.sampled_from((*KNOWN, None)))
    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        derandomize=True,
        database=None,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    def answered(case: Any, known: str | None) -> None:
        if known and "article_id" in (case.path_parameters or {}):
            case.path_parameters["article_id"] = known
        response = case.call(headers={**admin, "Host": "127.0.0.1"})
        case.validate_response(response, checks=_CHECKS)

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what the generator says of its own work
        answered()
