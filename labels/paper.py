"""From a document to what a printer or a person gets: drawn, proven by the preflight, then put into bytes."""

from __future__ import annotations

from collections.abc import Callable
from typing import IO, TYPE_CHECKING, Literal

from contract.papers import CarrierLabel, DeliveryNote, PackingSlip, PickList
from labels.documents import (
    CalibrationSheet,
    CommandSheet,
    Document,
    LogisticLabel,
    ReturnForm,
    ReturnLabel,
    TestPrint,
    Unprintable,
)
from labels.media import Media

if TYPE_CHECKING:
    from labels.drawing import Drawing

__all__ = ["Bound", "Unprintable", "bytes_for", "drawing_of", "picture"]

PrinterLanguage = Literal["zpl", "epl2", "tspl", "escpos", "pdf"]

# Pillow and the barcode library are imported by the first document, not by the station's start:
# they cost 20 ms and 12 MB.


def bytes_for(document: Document, media: Media, language: PrinterLanguage) -> bytes:
    """The printer's bytes for `document`. Raises `Unprintable` naming the field that cannot be printed."""
    from labels import carrier_zpl, epl2, escpos, pdf, preflight, tspl, zpl

    if isinstance(document, CarrierLabel) and document.form == "zpl" and language == "zpl":
        return carrier_zpl.passed_on(document, media)
    drawing = drawing_of(document, media)
    preflight.prove(drawing)
    encoders: dict[PrinterLanguage, Callable[[Drawing], bytes]] = {
        "zpl": zpl.encode,
        "epl2": epl2.encode,
        "tspl": tspl.encode,
        "escpos": escpos.encode,
        "pdf": pdf.encode,
    }
    return encoders[language](drawing)


def picture(document: Document, media: Media) -> bytes:
    """The same drawing as a PNG, proven alike; sheets stand one below the other."""
    from labels import png, preflight

    drawing = drawing_of(document, media)
    preflight.prove(drawing)
    return png.encode(drawing)


class Bound:
    """One PDF of many documents, each drawn and proven as for itself, written to `out`."""

    def __init__(self, media: Media, out: IO[bytes]) -> None:
        from labels.pdf import Volume

        self._media = media
        self._volume = Volume(out)
        self.pages = 0

    def add(self, document: Document) -> None:
        """Raises `Unprintable`; the document is left out then, and the others are not touched."""
        from labels import preflight

        drawing = drawing_of(document, self._media)
        preflight.prove(drawing)
        self._volume.add(drawing)
        self.pages += len(drawing.sheets)

    def finish(self) -> None:
        """Write the PDF; nothing can be added after."""
        self._volume.finish()


def drawing_of(document: Document, media: Media) -> Drawing:
    """The one drawing that every language is made from. Not proven yet."""
    from labels import calibration, carrier, commands, delivery, logistic, picking, returns, slip, trial

    match document:
        case LogisticLabel():
            return logistic.draw(document, media)
        case CarrierLabel():
            return carrier.draw(document, media)
        case PackingSlip():
            return slip.draw(document, media)
        case ReturnLabel():
            return returns.draw_label(document, media)
        case ReturnForm():
            return returns.draw_form(document, media)
        case DeliveryNote():
            return delivery.draw(document, media)
        case PickList():
            return picking.draw(document, media)
        case TestPrint():
            return trial.draw(document, media)
        case CalibrationSheet():
            return calibration.draw(document, media)
        case CommandSheet():
            return commands.draw(document, media)
