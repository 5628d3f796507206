"""What lies around a home's articles: programs, folders, settings, copies, the watch."""

import os
import platform
import shutil
import tempfile
from collections.abc import Iterator
from datetime import datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from bot.doctor.check import Check
from bot.settings import Settings, local_now
from vectorstore.backup import is_backup
from vectorstore.database import CATALOGUE
from vectorstore.register import Kind, Register, is_there

PACKAGES = (
    "beleg",
    "sentence-transformers",
    "torch",
    "chromadb",
    "langchain",
    "python-telegram-bot",
)
ENOUGH_SPACE = 10**9  # bytes
_PROBE = b"\0" * 2**16


def surroundings(settings: Settings) -> Iterator[Check]:
    """Everything that can be looked at though the catalogue can't be opened."""
    yield from versions()
    yield _settings(settings)
    yield _home(settings.home)
    yield _cache(settings.cache)
    yield _backups(settings)


def versions() -> Iterator[Check]:
    """Python and the packages that matter most."""
    yield Check("python", True, platform.python_version())
    for package in PACKAGES:
        try:
            yield Check(package, True, version(package))
        except PackageNotFoundError:
            yield Check(package, False, "missing", "Run `make setup`.")


def _settings(settings: Settings) -> Check:
    fields = type(settings).model_fields
    names = sorted(str(fields[name].validation_alias) for name in settings.model_fields_set)
    return Check("settings", True, f"set: {', '.join(names)}" if names else "none is set")


def _home(home: Path) -> Check:
    if not home.is_dir():
        return Check("home", False, f"{home}: there is no such folder", _RIGHTS)
    if not os.access(home, os.W_OK):
        return Check(
            "home", False, f"{home}: it can only be read, so it can only be asked", _RIGHTS
        )
    try:
        with tempfile.TemporaryFile(dir=home) as file:
            file.write(_PROBE)
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        advice = "Free some space, or give yourself the right to write there."
        return Check("home", False, f"{home}: nothing can be written ({error.strerror})", advice)
    free, needed = shutil.disk_usage(home).free, max(ENOUGH_SPACE, 2 * _size(home))
    state = f"{home}, {_shown(free)} free"
    if free >= needed:
        return Check("home", True, state)
    advice = f"Free some space: {_shown(needed)} are enough for a backup and for what is deleted."
    return Check("home", True, state, advice)


_RIGHTS = "Check that BELEG_HOME names a folder that you can write to."


def _cache(cache: Path) -> Check:
    """The folder or, if there is none yet, the one that it will be made in."""
    there = next((p for p in (cache, *cache.parents) if os.path.exists(p)), cache)
    if there.is_dir() and os.access(there, os.W_OK):
        return Check("cache", True, str(cache))
    from vectorstore import packaged

    if os.path.isdir(packaged.model_folder(cache)):
        return Check("cache", True, f"{cache}, which can only be read")
    advice = "Check that BELEG_CACHE names a folder that you can write to."
    return Check("cache", False, f"{cache}: it can't be written to", advice)


def _size(home: Path) -> int:
    catalogue = home / CATALOGUE
    return catalogue.stat().st_size if catalogue.is_file() else 0


def _shown(count: int) -> str:
    return f"{count / 10**9:,.1f} GB" if count >= 10**8 else f"{count / 10**6:,.1f} MB"


# -- backups ------------------------------------------------------------------------------


def _backups(settings: Settings) -> Check:
    """The last backup: when it was made, and whether it is still what it was."""
    noted = [kept for kept in Register(settings.home).noted() if kept.kind is not Kind.DAMAGED]
    there = [kept for kept in noted if is_there(kept.path)]
    gone = [kept for kept in noted if kept.kind is Kind.BACKUP and not is_there(kept.path)]
    if not there:
        state = "none yet" if not gone else f"none any more: {gone[0].path} is gone"
        advice = "`beleg backup FILE` makes one." if gone else None
        return Check("backups", True, state, advice)
    last = there[0]
    now = local_now(settings.timezone)
    made = datetime.fromisoformat(last.made).astimezone(now.tzinfo)
    state = f"the last one of {made:%Y-%m-%d %H:%M} ({_age((now - made).total_seconds())})"
    state = f"{state}, {last.articles} articles: {last.path}"
    if not is_backup(last.path):
        advice = "It can't be read or is no backup any more. `beleg backup FILE` makes another."
        return Check("backups", False, state, advice)
    if gone and gone[0].made > last.made:
        state = f"{state}; a later one is gone: {gone[0].path}"
    return Check("backups", True, state)


def _age(seconds: float) -> str:
    for unit, length in (("day", 86_400), ("hour", 3_600), ("minute", 60)):
        if seconds >= length:
            count = int(seconds // length)
            return f"{count} {unit}{'s' * (count != 1)} ago"
    return "just now"
