"""HTTP as central's pages and a bench's are served: uvicorn's protocol, and what it leaves open."""

from __future__ import annotations

from uvicorn.protocols.http.h11_impl import H11Protocol


class Http(H11Protocol):
    """A request may break while it is being answered: then one of two answers must not be sent."""

    def send_400_response(self, msg: str) -> None:
        """Refuse what is no HTTP; what the application says to its beginning is heard by nobody."""
        cycle = self.cycle
        if cycle is not None and not cycle.response_complete:
            cycle.disconnected = True
            cycle.message_event.set()
            if cycle.response_started:
                self.transport.close()
                return
        super().send_400_response(msg)
