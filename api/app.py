"""The HTTP API and the pages over one home: a composition root. `uvicorn --factory api.app:create_app` runs it."""

from __future__ import annotations

import gc
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI

from api import (
    articles,
    assets,
    bulk,
    console,
    curation,
    demo,
    digests,
    edits,
    evidence,
    flags,
    gaps,
    jobs,
    media,
    metrics,
    pages,
    people,
    problems,
    search,
    server,
    spaces,
    tickets,
    widget,
)
from api.caretaker import Caretaker
from api.guard import Guard
from api.state import State
from articles.library import Library
from kb import __version__, local
from kb.settings import Settings, load
from search.home import Home

DESCRIPTION = (
    "Suggests knowledge-base articles to support agents, answers customers' questions, and flags stale or "
    "missing content. Errors are RFC 9457 problem details."
)
# what an id may end in stands before the article of that id
ROUTERS = (
    search,
    bulk,
    articles,
    edits,
    spaces,
    media,
    tickets,
    curation,
    flags,
    gaps,
    metrics,
    evidence,
    people,
    digests,
    jobs,
    server,
    assets,
    widget,
    demo,
    console,
    pages,
)


def create_app(settings: Settings | None = None, home: Home | None = None) -> FastAPI:
    """The application.

    Args:
        settings: those of the environment by default; a worker process knows no others.
        home: an open home in place of the one that the settings name.
    """
    settings = settings or load().settings

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        opened = home or Home(settings)
        library = Library.of(opened)
        app.state.kb = State(opened, library)
        announced = local.find(opened.path)
        app.state.local_token = announced.token if announced else None
        app.state.kb.warm_up()
        if home is None:  # a process of its own: what is loaded by now stays, and need not be looked through again
            gc.freeze()
        caretaker = Caretaker(opened, library, app.state.kb.examiner)
        caretaker.start()
        yield
        caretaker.stop()
        if home is None:
            opened.close()

    app = FastAPI(
        title="kb",
        version=__version__,
        description=DESCRIPTION,
        lifespan=lifespan,
        docs_url=None,
        redoc_url=None,
    )
    problems.install(app)
    for room in ROUTERS:
        app.include_router(room.router)
    app.mount("/static", assets.Files(), name="static")
    app.add_middleware(Guard, host=settings.host)
    return app
