"""What only the kernel can do to a process: no room, no rights, disks of its own. Linux only.

Each of these changes the calling process and nobody else, for good: call them in a forked one.
"""

import ctypes
import os
import resource
from pathlib import Path

from tests.support.kill_processes import elsewhere

_CAPABILITIES = 0x20080522  # version 3 of the kernel's structure, in linux/capability.h
_NEW_MOUNTS, _NEW_USER = 0x00020000, 0x10000000  # CLONE_NEWNS, CLONE_NEWUSER
_READ_ONLY, _REMOUNT, _BIND, _RECURSIVE, _PRIVATE = 0x1, 0x20, 0x1000, 0x4000, 1 << 18


def limit_files(size: int | None) -> None:
    """No file may grow beyond so many bytes, as if the disk were full there; None lifts it."""
    _, most = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (most if size is None else size, most))


def drop_rights() -> None:
    """From now on permissions bind this process, even if it is root's."""
    header = (ctypes.c_uint32 * 2)(_CAPABILITIES, 0)
    nothing = (ctypes.c_uint32 * 6)()
    _call("capset", header, nothing)


def part_mounts() -> None:
    """From now on nobody else sees what this process mounts; OSError if it may not do that."""
    user, group = os.getuid(), os.getgid()
    if user == 0:
        _call("unshare", _NEW_MOUNTS)
    else:
        _call("unshare", _NEW_MOUNTS | _NEW_USER)
        Path("/proc/self/setgroups").write_text("deny")
        Path("/proc/self/uid_map").write_text(f"0 {user} 1")
        Path("/proc/self/gid_map").write_text(f"0 {group} 1")
    _mount(b"none", "/", None, _RECURSIVE | _PRIVATE, None)


def mount_small_disk(place: Path, size: int) -> None:
    """An empty disk of so many bytes at a folder."""
    _mount(b"tmpfs", str(place), b"tmpfs", 0, f"size={size}".encode())


def mount_read_only(place: Path) -> None:
    """The folder as it is, on a disk that can't be written to."""
    _mount(os.fsencode(place), str(place), None, _BIND, None)
    _mount(b"none", str(place), None, _BIND | _REMOUNT | _READ_ONLY, None)


def why_no_mounts() -> str | None:
    """Why this machine lets no test mount a disk; None if it does."""
    found: str | None = elsewhere(_try_mounts)
    return found


def _try_mounts() -> str | None:
    try:
        part_mounts()
        mount_small_disk(Path("/mnt"), 4096)
    except (OSError, AttributeError) as error:
        return f"no disk can be mounted here ({error})"
    return None


def _mount(what: bytes, place: str, kind: bytes | None, flags: int, options: bytes | None) -> None:
    _call("mount", what, os.fsencode(place), kind, ctypes.c_ulong(flags), options)


def _call(name: str, *args: object) -> None:
    function = getattr(ctypes.CDLL(None, use_errno=True), name)
    if function(*args) != 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{name}: {os.strerror(number)}")
