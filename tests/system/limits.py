"""What keeps a process from writing, as a full disk does."""

import resource


def limit_file_size(pid: int, size: int) -> None:
    """No file of that process may grow beyond `size` bytes from now on."""
    _, hard = resource.prlimit(pid, resource.RLIMIT_FSIZE)
    resource.prlimit(pid, resource.RLIMIT_FSIZE, (size, hard))
