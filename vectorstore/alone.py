"""Work that one process of a home does at a time: by a lock file that dies with its holder."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from vectorstore.errors import StoreError


@contextmanager
def alone(home: Path, work: str) -> Iterator[None]:
    """Holds the home's lock for a kind of work, such as "restore".

    StoreError if another process is at it, or if nothing can be written into the home.
    """
    from filelock import FileLock, Timeout

    lock = FileLock(home / f"{work}.lock", timeout=0)
    try:
        home.mkdir(parents=True, exist_ok=True)
        held = lock.acquire()
    except Timeout as error:
        raise StoreError(f"Another {work} of this home is under way. Wait for its end.") from error
    except OSError as error:
        raise StoreError(
            f"{home} can't be written to ({error.strerror}), so that no {work} is possible. "
            "Check that BELEG_HOME names a folder you can write to."
        ) from error
    with held:
        yield
