"""What the machine did while something was measured, and what its disk can do."""

import os
import time
from pathlib import Path


class Steal:
    """The share of the processors' time that the host took away, between two readings of /proc/stat."""

    def __init__(self):
        self._before = self._read()

    @staticmethod
    def _read():
        fields = [int(field) for field in Path("/proc/stat").read_text().splitlines()[0].split()[1:9]]
        return fields[7], sum(fields)

    def percent(self):
        stolen, total = (now - before for now, before in zip(self._read(), self._before))
        return 100.0 * stolen / total if total else 0.0


def rss_mb(pid):
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / 1024
    return 0.0


def file_system_of(folder):
    """Type of the file system that holds `folder`: the longest mount point above it."""
    folder = str(Path(folder).resolve())
    best = ("", "unknown")
    for line in Path("/proc/self/mounts").read_text().splitlines():
        _, point, kind = line.split()[:3]
        if (folder + "/").startswith(point.rstrip("/") + "/") and len(point) > len(best[0]):
            best = (point, kind)
    return best[1]


def fsync_ms(folder, times=500):
    """(p50, p99) in milliseconds of appending 4 KiB and fdatasync."""
    path = Path(folder, "fsync-probe")
    block = os.urandom(4096)
    took = []
    with open(path, "wb", buffering=0) as file:
        for _ in range(times):
            began = time.perf_counter()
            file.write(block)
            os.fdatasync(file.fileno())
            took.append((time.perf_counter() - began) * 1000)
    path.unlink()
    took.sort()
    return took[len(took) // 2], took[int(len(took) * 0.99)]
