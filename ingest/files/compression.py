"""gzip without bombs."""

import gzip
import io
import zlib

from vectorstore.errors import SourceError

MAGIC = b"\x1f\x8b"


def gunzip(data: bytes, most: int) -> bytes:
    """What gzip made of at most `most` bytes; SourceError if it is more, or damaged.

    Unpacks no further than it has to in order to know.
    """
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(data)) as packed:
            content = packed.read(most + 1)
    except (OSError, EOFError, zlib.error) as error:
        raise SourceError("It is damaged: it can't be unpacked to its end.") from error
    if len(content) > most:
        raise SourceError(f"Unpacked it is larger than {most / 2**20:.0f} MB.")
    return content
