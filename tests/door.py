"""The door for tests: handlers that count how often they ran, behind a server, and keys to come in with."""

from __future__ import annotations

import threading
from datetime import UTC, datetime

from fastapi import APIRouter, FastAPI, Request, Response
from fastapi.responses import StreamingResponse
from fastapi.testclient import TestClient

from api.app import create_app
from api.idempotency import Once
from kb.errors import Forbidden, IndexDamaged, KbError, Stale
from kb.settings import Settings
from kb.store import keys
from tests.conftest import Shop

OPERATOR = {"Authorization": "Bearer whoever-reads-the-home"}
SHOP = "https://shop.example"


class Probe:
    """Handlers that count how often they ran."""

    def __init__(self) -> None:
        self.router = APIRouter(route_class=Once)
        self.runs = 0
        self.gate = threading.Event()
        self.gate.set()
        for name in ("count", "fail", "crash", "conflict", "refuse", "cookie", "stream", "size"):
            self.router.add_api_route(f"/v1/probe/{name}", getattr(self, name), methods=["POST"])

    def count(self, body: dict[str, int], response: Response) -> dict[str, int]:
        self.runs += 1
        self.gate.wait(10)
        response.headers["Location"] = f"/made/{self.runs}"
        return {"runs": self.runs, **body}

    def fail(self) -> None:
        self.runs += 1
        raise IndexDamaged("broken") if self.runs % 2 else KbError("worse")

    def crash(self) -> None:
        self.runs += 1
        raise ZeroDivisionError

    def refuse(self) -> None:
        self.runs += 1
        raise Forbidden("not yet")

    def conflict(self) -> None:
        self.runs += 1
        raise Stale("it changed", self.runs)

    def cookie(self, response: Response) -> None:
        response.set_cookie("crumb", "very-secret")

    def stream(self) -> StreamingResponse:
        self.runs += 1
        return StreamingResponse(iter([b"a", b"b"]))

    async def size(self, request: Request) -> int:
        return len(await request.body())


def served(shop: Shop, probe: Probe, settings: Settings | None = None) -> FastAPI:
    app = create_app(settings or shop.settings, shop.home)
    app.include_router(probe.router)
    return app


def operated(app: FastAPI, address: str = "127.0.0.1") -> TestClient:
    return TestClient(app, "http://127.0.0.1", client=(address, 5000), raise_server_exceptions=False)


def key_of(shop: Shop, role: str = "agent", **asked: object) -> dict[str, str]:
    """The header of a new key."""
    from kb.models import OPERATOR as operator

    with shop.home.database.write() as connection:
        _, key = keys.create(connection, operator, datetime.now(UTC), name="k", role=role, **asked)  # type: ignore[arg-type]
    return {"Authorization": f"Bearer {key}"}


def widget(shop: Shop) -> dict[str, str]:
    return key_of(shop, "customer", origins=[SHOP])
