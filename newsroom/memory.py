"""Giving memory back.

glibc keeps freed blocks of up to 32 MB for the thread that had them. A photograph of 24
megapixels is decoded in blocks of 16 MB, so each thread of a server that has ever taken one in
would hold on to more than 100 MB: 522 MB for a worker after forty uploads, measured by `python
-m benchmarks uploads`. Blocks that are mapped go back at once, and cost next to nothing more.
"""

import ctypes

M_MMAP_THRESHOLD = -3  # malloc.h
LARGE = 1024 * 1024


def return_large_blocks() -> bool:
    """Has the C library map blocks of a megabyte and more; whether it could be told."""
    try:
        return bool(ctypes.CDLL(None).mallopt(M_MMAP_THRESHOLD, LARGE))
    except (AttributeError, OSError, TypeError):
        # Not glibc: musl, macOS and Windows have allocators of their own.
        return False
