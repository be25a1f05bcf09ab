"""The pages that people read without an account: the help centre, room by room, in `api.help`."""

from __future__ import annotations

from fastapi import APIRouter

from api.help import feeds, reading, results, shelf_pages

router = APIRouter(include_in_schema=False)
for room in (shelf_pages, results, reading, feeds):
    router.include_router(room.router)
