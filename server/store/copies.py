"""What the books keep for a second server: the terms of the place's servers, and its settings and secrets, sealed."""

from typing import NamedTuple

from device.contract.instant import Instant
from server.store.database import Database
from server.store.stored_values import stored_instant


class SealedPlace(NamedTuple):
    """The files of the place beside the books, as a sealed archive; `digest` is of what is in it."""

    digest: str
    sealed_at: Instant
    content: bytes


def term(db: Database) -> int:
    """The number of the server that these books belong to: each takeover makes it one more. 0 before there was any."""
    return int(db.value("SELECT max(term) FROM terms") or 0)


def begin_term(db: Database, number: int, at: Instant) -> None:
    """The books belong to a new server."""
    db.execute("INSERT OR IGNORE INTO terms (term, began_at) VALUES (?, ?)", (number, str(at)))


def sealed_place(db: Database) -> SealedPlace | None:
    """What was sealed last, if anything."""
    row = db.row("SELECT digest, sealed_at, content FROM sealed_place")
    return None if row is None else SealedPlace(row["digest"], stored_instant(row["sealed_at"]), bytes(row["content"]))


def sealed_digest(db: Database) -> str | None:
    """The digest of what was sealed last, without the rest."""
    return db.value("SELECT digest FROM sealed_place")  # type: ignore[no-any-return]


def note_sealed(db: Database, sealed: SealedPlace) -> None:
    """Keeps it in place of the former."""
    db.execute(
        "INSERT OR REPLACE INTO sealed_place (id, digest, sealed_at, content) VALUES (1, ?, ?, ?)",
        (sealed.digest, str(sealed.sealed_at), sealed.content),
    )


class Newest(NamedTuple):
    """The last that the books know: the newest sale's number and moment, and when a unit was last heard."""

    sale: int | None
    sold_at: Instant | None
    heard_at: Instant | None


def newest(db: Database) -> Newest:
    """For whoever takes over, to compare with what people remember."""
    sale = db.row("SELECT number, written_at FROM sales ORDER BY number DESC LIMIT 1")
    heard = db.value("SELECT max(received_at) FROM events")
    return Newest(
        sale["number"] if sale else None,
        stored_instant(sale["written_at"]) if sale else None,
        stored_instant(heard) if heard else None,
    )
