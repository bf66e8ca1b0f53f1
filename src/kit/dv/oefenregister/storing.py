"""Faults on request: slow, 429, 500, and a connection that breaks before or after the work was done."""

from __future__ import annotations

import asyncio
import random
from dataclasses import asdict, dataclass, field, fields
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from uvicorn.protocols.http.h11_impl import H11Protocol


@dataclass
class Storing:
    """Chances between 0 and 1 for each request; `traag` is the longest delay in seconds. `gebeurd` counts what happened."""

    traag: float = 0.0
    druk: float = 0.0
    fout: float = 0.0
    weg_voor: float = 0.0
    weg_na: float = 0.0
    fout_na: float = 0.0
    zaad: int = 1
    gebeurd: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.kans = random.Random(self.zaad)

    def tref(self, naam: str) -> bool:
        raak = bool(self.kans.random() < getattr(self, naam))
        if raak:
            self.gebeurd[naam] = self.gebeurd.get(naam, 0) + 1
        return raak

    def zet(self, waarden: dict[str, Any]) -> None:
        for f in fields(self):
            if f.name in waarden and f.name != "gebeurd":
                setattr(self, f.name, waarden[f.name])
        if "zaad" in waarden:
            self.kans = random.Random(self.zaad)

    def als_dict(self) -> dict[str, Any]:
        return asdict(self)

    async def vooraf(self, request: Request) -> Response | None:
        """What goes wrong before the work is done; None when nothing does."""
        if self.traag:
            await asyncio.sleep(self.kans.random() * self.traag)
        if self.tref("weg_voor"):
            breek_af(request)
            return Response(status_code=500)
        if self.tref("druk"):
            return JSONResponse({"title": "Te veel aanvragen", "status": 429}, 429, {"Retry-After": "0"})
        if self.tref("fout"):
            return JSONResponse({"title": "Er heeft zich een fout voorgedaan!", "status": 500}, 500)
        return None

    async def achteraf(self, request: Request, antwoord: Response) -> Response:
        """The work is done, but the caller may not hear of it."""
        if self.tref("weg_na"):
            breek_af(request)
        elif self.tref("fout_na"):
            return JSONResponse({"title": "Er heeft zich een fout voorgedaan!", "status": 500}, 500)
        return antwoord


class Afbreekbaar(H11Protocol):
    """uvicorn's protocol, which lets the application break the connection."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self.app_state = {**self.app_state, "breek_af": transport.abort}


def breek_af(request: Request) -> None:
    request.scope["state"]["breek_af"]()
