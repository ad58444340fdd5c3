"""Whether a TCP port can be listened on, asked before a server is started so that the answer is a sentence."""

import socket


def is_free(host: str, port: int) -> bool:
    """Whether nobody listens there. True as well for an address of another machine: the server itself says more."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # a port just left may be taken again
        try:
            probe.bind((host, port))
            probe.listen(1)
        except OSError as error:
            return error.errno not in _TAKEN
    return True


_TAKEN = frozenset({98, 48, 10048, 13, 10013})
"""EADDRINUSE and EACCES on Linux, macOS and Windows."""
