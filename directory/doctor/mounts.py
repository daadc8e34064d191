"""Which kind of file system a path lies on."""

from pathlib import Path

MOUNTS = Path("/proc/self/mountinfo")
NETWORK_FILESYSTEMS = frozenset(
    {"9p", "afs", "ceph", "cifs", "fuse.glusterfs", "fuse.sshfs", "lustre", "ncpfs", "nfs", "nfs4", "smb3", "smbfs"}
)


def filesystem_of(path: Path) -> str:
    """Its name, such as "ext4" or "nfs4"; "" where the system does not tell."""
    try:
        lines = MOUNTS.read_text(encoding="utf-8", errors="surrogateescape").splitlines()
    except OSError:
        return ""
    # "36 35 98:0 / /mnt rw shared:1 - ext4 /dev/root rw": the fifth field is the place, the kind comes after the dash.
    mounts = {_plain(line.split()[4]): line.partition(" - ")[2].split()[0] for line in lines}
    place = path.resolve()
    return next((mounts[str(above)] for above in (place, *place.parents) if str(above) in mounts), "")


def _plain(place: str) -> str:
    """Spaces in a place are written as \\040."""
    return place.replace("\\040", " ")
