"""Who may ask: the key of the session, the host and origin of each request, its size, and what a page may load.

A web page elsewhere can make a browser send requests to this machine, and point a name of its own at it. So every
request must name a host that is ours, bear the cookie that only the printed address gives, and, where it changes
something, come from our own pages and carry their token.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Awaitable, Callable, MutableMapping
from dataclasses import dataclass, field
from http.cookies import CookieError, SimpleCookie
from typing import Any
from urllib.parse import parse_qsl, quote, urlencode

from starlette.exceptions import HTTPException

from tradetalks.app.words import came_from, refusal

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

COOKIE = "tradetalks"
TOKEN_HEADER = "x-tradetalks-token"

#: Bytes of a request's body: of a form, and of a document to read.
LARGEST_FORM, LARGEST_UPLOAD = 64_000, 5_000_000
#: Larger bodies, by path: a document, and the proposals that it made.
LARGER = {"/record/read": LARGEST_UPLOAD, "/record/accept": 500_000}

#: What pages may load: ourselves. No script or style in the page itself, so that text cannot become either.
POLICY = "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'self'; object-src 'none'"

HEADERS = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
}


@dataclass(frozen=True)
class Lock:
    """The secrets of one run of the app; a session is a signed name, so nothing is kept for it here."""

    key: str = field(default_factory=lambda: secrets.token_urlsafe(18))
    """In the address that is printed; opens a session."""
    secret: bytes = field(default_factory=lambda: secrets.token_bytes(32))

    def opened(self) -> str:
        """Return the cookie of a new session."""
        name = secrets.token_urlsafe(12)
        return f"{name}.{self._sign('session', name)}"

    def session(self, cookie: str) -> str | None:
        """Return the session that ``cookie`` proves, or None."""
        name, _, signature = cookie.partition(".")
        return name if _same(signature, self._sign("session", name)) else None

    def token(self, session: str) -> str:
        """Return what the pages of ``session`` carry and every change must."""
        return self._sign("token", session)

    def fits(self, session: str, token: str) -> bool:
        """Return whether ``token`` is the session's."""
        return _same(token, self.token(session))

    def opens(self, key: str) -> bool:
        """Return whether ``key`` is the one printed."""
        return _same(key, self.key)

    def _sign(self, what: str, name: str) -> str:
        return hmac.new(self.secret, f"{what}:{name}".encode(), hashlib.sha256).hexdigest()


def _same(one: str, other: str) -> bool:
    return hmac.compare_digest(one.encode("utf-8", "replace"), other.encode("utf-8", "replace"))


@dataclass(frozen=True)
class Guard:
    """Stands before the app and lets through what may pass."""

    app: App
    lock: Lock
    hosts: frozenset[str]
    """Values of the Host header that are ours, with the port."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, refuse, or pass the request on with ``scope["session"]`` set."""
        if scope["type"] != "http":
            if scope["type"] == "lifespan":
                await self.app(scope, receive, send)
            return
        headers: dict[str, str] = {}
        for raw, text in scope["headers"]:
            name, value = raw.decode("latin-1").lower(), text.decode("latin-1")
            # Two of a kind are neither: "ours, theirs" is no origin of ours.
            headers[name] = f"{headers[name]}, {value}" if name in headers else value
        host, method, path = headers.get("host", ""), scope["method"], scope["path"]
        as_json = path.startswith("/api/")

        async def sent(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message.get("headers", []), *_more(message.get("headers", []), path)]
            await send(message)

        async def refuse(status: int, sentence: str) -> None:
            back = came_from(headers.get("referer", ""), host)
            await refusal(status, sentence, as_json=as_json, back=back)(scope, receive, sent)

        if host not in self.hosts:
            await refuse(421, "This address is not one of this app; open the one that tradetalks serve printed.")
            return
        if method not in ("GET", "HEAD") and not _own_pages(headers, host):
            await refuse(403, "This request comes from another site; nothing was done.")
            return
        if path.startswith("/static/"):
            await self.app(scope, receive, sent)
            return
        session = self.lock.session(_cookie(headers.get("cookie", ""), host))
        if session is None:
            query = dict(parse_qsl(scope.get("query_string", b"").decode("latin-1")))
            if method == "GET" and self.lock.opens(query.pop("key", "")):
                await self._welcome(host, path, query, sent)
            else:
                await refuse(
                    401,
                    "This browser has no session here. Open the address that tradetalks serve printed when it started: "
                    "it ends in ?key= and the key of this run.",
                )
            return
        scope["session"] = session
        most = LARGER.get(path, LARGEST_FORM)
        length = headers.get("content-length", "0")
        if not length.isdigit() or int(length) > most:
            await refuse(413, _too_large(most))
            return
        read = 0

        async def received() -> Message:
            nonlocal read
            message = await receive()
            read += len(message.get("body", b""))
            if read > most:
                raise HTTPException(413, _too_large(most))
            return message

        await self.app(scope, received, sent)

    async def _welcome(self, host: str, path: str, query: dict[str, str], send: Send) -> None:
        """Open a session and send the browser to the same page without the key."""
        # One slash, and nothing that a browser would take for another: "//elsewhere" would lead away.
        target = "/" + quote(path.lstrip("/")) + (f"?{urlencode(query)}" if query else "")
        cookie = f"{_cookie_name(host)}={self.lock.opened()}; Path=/; HttpOnly; SameSite=Strict"
        headers = [(b"location", target.encode()), (b"set-cookie", cookie.encode())]
        await send({"type": "http.response.start", "status": 303, "headers": headers})
        await send({"type": "http.response.body", "body": b""})


def _own_pages(headers: dict[str, str], host: str) -> bool:
    """Return whether a request that may change something comes from our pages, or from no page at all."""
    origin = headers.get("origin")
    if origin is not None and origin != f"http://{host}":
        return False
    return headers.get("sec-fetch-site", "none") in ("same-origin", "none")


def _cookie_name(host: str) -> str:
    """Return the cookie's name. It has the port: a browser shows the cookies of a host to all its ports."""
    return f"{COOKIE}-{host.rpartition(':')[2]}"


def _cookie(header: str, host: str) -> str:
    try:
        found = SimpleCookie(header).get(_cookie_name(host))
    except CookieError:
        return ""
    return found.value if found else ""


def _more(there: list[tuple[bytes, bytes]], path: str) -> list[tuple[bytes, bytes]]:
    names = {name.lower() for name, _ in there}
    wanted = HEADERS | {"content-security-policy": POLICY}
    wanted["cache-control"] = "no-cache" if path.startswith("/static/") else "no-store"
    return [(name.encode(), text.encode()) for name, text in wanted.items() if name.encode() not in names]


def _too_large(most: int) -> str:
    return f"This is larger than the {most / 1e6:g} MB that are read here; nothing was done."
