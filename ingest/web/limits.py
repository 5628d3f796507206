"""What one answer may cost in bytes and seconds, also when it was sent compressed. Pure."""

import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from vectorstore.errors import FetchError

_PIECE = 2**16  # bytes given out at once, so that a bomb is noticed before it bursts
_GZIP = 16 + zlib.MAX_WBITS


@dataclass(frozen=True, slots=True)
class Limits:
    """Bytes as sent (`wire`) and as read (`body`); seconds to connect, for a read, and in all."""

    wire: int = 32 * 2**20
    body: int = 64 * 2**20
    connect: float = 10.0
    read: float = 20.0
    total: float = 90.0


def metered(pieces: Iterable[bytes], most: int) -> Iterator[bytes]:
    """The pieces, until together they are more than `most` bytes: then FetchError."""
    size = 0
    for piece in pieces:
        size += len(piece)
        if size > most:
            raise FetchError(f"The answer is larger than {_shown(most)}.")
        yield piece


def inflated(pieces: Iterable[bytes], encoding: str) -> Iterator[bytes]:
    """The content behind a Content-Encoding, in pieces of at most 64 KiB.

    FetchError if the encoding is none that was asked for, or the data are damaged or cut off.
    """
    name = encoding.strip().lower()
    if name in ("", "identity"):
        return iter(pieces)
    if name in ("gzip", "x-gzip"):
        return _inflate(pieces, _GZIP)
    if name == "deflate":
        return _inflate(pieces, None)
    raise FetchError("The answer is compressed in a way that was not asked for.")


def _inflate(pieces: Iterable[bytes], bits: int | None) -> Iterator[bytes]:
    stream = None if bits is None else zlib.decompressobj(bits)
    parts = iter(pieces)
    for piece in filter(None, parts):
        stream = stream or zlib.decompressobj(_deflate_bits(piece))
        try:
            yield from _unpack(stream, piece)
        except zlib.error as error:
            raise FetchError("The answer's compressed data are damaged.") from error
        if stream.eof:
            if (stream.unused_data or next(parts, b"")).startswith(b"\x1f\x8b"):
                raise FetchError("The answer's compressed data come in several parts.")
            return
    if stream is not None:
        raise FetchError("The answer's compressed data are cut off.")


def _unpack(stream: "zlib._Decompress", piece: bytes) -> Iterator[bytes]:
    """What a piece holds; zlib may keep some of it back although it has taken in all."""
    out = stream.decompress(piece, _PIECE)
    while out:
        yield out
        out = stream.decompress(stream.unconsumed_tail, _PIECE)


def _deflate_bits(head: bytes) -> int:
    """ "deflate" means zlib's format, but some servers send it without the zlib header."""
    return zlib.MAX_WBITS if head[0] & 0x0F == 8 else -zlib.MAX_WBITS


def _shown(size: int) -> str:
    return f"{size // 2**20} MB" if size >= 2**20 else f"{size:,} bytes"
