"""Answers leave at once: no connection waits for the client's delayed acknowledgement."""

from __future__ import annotations

import socket

from central.app import bind


def test_connections_send_at_once() -> None:
    with bind("127.0.0.1", 0) as listening, socket.create_connection(listening.getsockname()):
        connection, _ = listening.accept()
        with connection:
            assert connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY) != 0
