"""`kb serve`, `kb config`."""

from __future__ import annotations

import os
import socket
import sys
import threading
import webbrowser
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from kb import local
from kb.cli.common import Audience, Json, app, loaded, out, plain, print_json, setting
from kb.cli.common import folder as folder_
from kb.errors import InvalidInput
from kb.settings import PREFIX, Settings

if TYPE_CHECKING:
    from search.home import Home


@app.command()
def serve(
    audience: Audience = None,
    host: Annotated[str | None, typer.Option(help=setting("host"))] = None,
    port: Annotated[int | None, typer.Option(help=setting("port"))] = None,
    watch: Annotated[list[Path] | None, typer.Option(parser=folder_, metavar="FOLDER", help=setting("watch"))] = None,
    workers: Annotated[int, typer.Option(min=1, max=64, help="Processes that answer over the same home.")] = 1,
) -> None:
    """Serve the API and the search page until Ctrl-C."""
    import uvicorn
    from uvicorn.supervisors import Multiprocess

    settings = loaded(audience=audience, host=host, port=port, watch=tuple(watch) if watch else None).settings
    for folder in settings.watch:
        if not folder.is_dir():
            raise InvalidInput(f"watch: {folder}: no such folder")
    settings.home.mkdir(parents=True, exist_ok=True)
    os.environ.update(_environment(settings))
    threads = max(1, (os.cpu_count() or 1) // workers)
    os.environ.setdefault("OMP_NUM_THREADS", str(threads))
    listening = _listen(settings)
    config = uvicorn.Config(
        "api.app:create_app", factory=True, workers=workers, log_level="warning", timeout_graceful_shutdown=10
    )
    with _announced(settings, listening):
        if workers == 1:
            uvicorn.Server(config).run(sockets=[listening])
        else:
            Multiprocess(config, sockets=[listening]).run()


def serve_demo(home: Home) -> None:
    """Serve an open home from this process to be tried, at another port where its own is taken."""
    import uvicorn

    from api.app import create_app
    from api.demo import new_code

    try:
        listening = _listen(home.settings)
    except InvalidInput:
        listening = _listen(home.settings.model_copy(update={"port": 0}))
    app = create_app(home.settings, home)
    app.state.demo_code = new_code(home.database)
    config = uvicorn.Config(app, log_level="warning", timeout_graceful_shutdown=10)
    with _announced(home.settings, listening) as url:
        address = f"{url}/demo?code={app.state.demo_code}"
        out.print(f"Help widget, help centre and agent console on one page: [link]{address}[/]", soft_wrap=True)
        if sys.stdout.isatty() and "CI" not in os.environ:
            threading.Timer(1.0, webbrowser.open, [address]).start()
        uvicorn.Server(config).run(sockets=[listening])


@contextmanager
def _announced(settings: Settings, listening: socket.socket) -> Iterator[str]:
    """Say where the server is, to people and to other commands, for as long as it runs; its address."""
    url = f"http://{_shown(settings.host)}:{listening.getsockname()[1]}"
    local.announce(settings.home, url)
    out.print(f"Serving {url} [dim]to readers of {settings.audience!r}. Ctrl-C ends.[/]")
    try:
        yield url
    finally:
        local.forget(settings.home)


def _listen(settings: Settings) -> socket.socket:
    """Bind before anything is loaded: a port in use is known at once."""
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((settings.host, settings.port))
    except OSError as error:
        raise InvalidInput(f"host {settings.host!r}, port {settings.port}: {error.strerror}") from error
    listening.set_inheritable(True)
    return listening


def _shown(host: str) -> str:
    return f"[{host}]" if ":" in host else host


def _environment(settings: Settings) -> dict[str, str]:
    """Settings as the variables that worker processes read."""
    found = {}
    for key in Settings.model_fields:
        value = getattr(settings, key)
        if key in ("server", "server_key"):  # a server asks no other
            continue
        if key == "watch":
            value = os.pathsep.join(str(path.resolve()) for path in value)
        elif key in ("languages", "frame_origins"):
            value = ",".join(value)
        elif isinstance(value, Path):
            value = value.resolve()
        found[f"{PREFIX}{key.upper()}"] = "" if value is None else str(value)
    return found


@app.command()
def config(json_: Json = False) -> None:
    """Print every setting in effect and where it came from."""
    found = loaded()
    rows = [
        {
            "setting": key,
            "value": _plain(getattr(found.settings, key)),
            "from": found.origins[key],
            "help": setting(key),
        }
        for key in Settings.model_fields
    ]
    if json_:
        print_json({"settings": rows})
        return
    from rich.markup import escape

    for row in rows:
        value, origin = escape(plain(row["value"])), escape(f"from {row['from']} · {row['help']}")
        out.print(f"[bold]{row['setting']:16}[/] {value} [dim]{origin}[/]")


def _plain(value: Any) -> Any:
    """Secrets as stars, paths as text."""
    if isinstance(value, tuple):
        return [str(item) for item in value]
    return value if isinstance(value, int | str) or value is None else str(value)
