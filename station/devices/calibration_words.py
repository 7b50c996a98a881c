"""A calibration in words: what to scan next, what was found, what is left to mend at the scanner. Pure."""

from __future__ import annotations

from typing import NamedTuple

from station.devices.calibration import Calibration, Next


class Said(NamedTuple):
    """The same in both languages."""

    en: str
    fr: str

    def in_language(self, language: str) -> str:
        return self.fr if language == "fr" else self.en


_LAYOUTS = {
    "us": Said("US", "américaine (US)"),
    "uk": Said("UK", "britannique (UK)"),
    "fr": Said("French (AZERTY)", "française (AZERTY)"),
    "be": Said("Belgian (AZERTY)", "belge (AZERTY)"),
    "de": Said("German (QWERTZ)", "allemande (QWERTZ)"),
    "es": Said("Spanish", "espagnole"),
    "it": Said("Italian", "italienne"),
}
_ENDS = {
    "enter": Said("Enter", "Entrée"),
    "keypad_enter": Said("keypad Enter", "Entrée du pavé numérique"),
    "tab": Said("Tab", "Tabulation"),
    "cr": Said("CR", "CR"),
    "lf": Said("LF", "LF"),
    "cr_lf": Said("CR LF", "CR LF"),
    "etx": Said("ETX", "ETX"),
    "none": Said("a pause", "une pause"),
}
_GS_LOST = Said(
    "It drops the separator GS, so lot and serial numbers in GS1 codes cannot be told apart: set it to send GS (often"
    " called FNC1 or group separator) as Ctrl + ] or F8, and calibrate again.",
    "Il supprime le séparateur GS : les lots et numéros de série des codes GS1 ne peuvent pas être séparés. Réglez-le"
    " pour envoyer GS (souvent appelé FNC1) par Ctrl + ] ou F8, puis recommencez.",
)
_ALTGR_LOST = Said(
    "It cannot type @ ] [ \\ # and the like: set its keyboard to the country found, or to US, and calibrate again.",
    "Il ne sait pas taper @ ] [ \\ # : réglez son clavier exactement sur ce pays, ou sur US, puis recommencez.",
)
_NO_END = Said(
    "It ends codes with nothing, so each scan waits for a pause: set it to end codes with Enter, and calibrate again.",
    "Il ne termine pas les codes : chaque lecture attend une pause. Réglez-le pour finir par Entrée, puis recommencez.",
)


def ask(next_: Next) -> Said:
    """What to do now, with what was wrong before it."""
    if not next_.trouble:
        return Said(f"Scan code {next_.code} of the calibration sheet.", f"Scannez le code {next_.code} de la feuille.")
    return Said(f"{next_.trouble}: code {next_.code}.", f"{next_.trouble_fr} : code {next_.code}.")


def found(calibration: Calibration) -> Said:
    """What the two scans said, in one sentence."""
    layout = _LAYOUTS.get(calibration.layout or "")
    end = _ENDS[calibration.end]
    en = [f"{layout.en} keyboard"] if layout else []
    fr = [f"disposition {layout.fr}"] if layout else []
    en += [f"codes end with {end.en}", f"AIM identifier {'sent' if calibration.aim else 'not sent'}"]
    fr += [f"fin par {end.fr}", f"identifiant AIM {'envoyé' if calibration.aim else 'absent'}"]
    en.append(
        {
            "kept": "GS kept",
            "key": f"GS typed as {'+'.join(calibration.gs_keys)}",
            "text": f"GS sent as {calibration.gs_text!r}",
            "lost": "GS dropped",
        }[calibration.gs]
    )
    fr.append(
        {
            "kept": "GS conservé",
            "key": f"GS tapé {'+'.join(calibration.gs_keys)}",
            "text": f"GS envoyé comme {calibration.gs_text!r}",
            "lost": "GS supprimé",
        }[calibration.gs]
    )
    if calibration.caps_lock != "lit":
        en.append(f"Caps Lock counted as {calibration.caps_lock}")
        fr.append(f"Verr. Maj compté {'allumé' if calibration.caps_lock == 'on' else 'éteint'}")
    return Said("; ".join(en) + ".", "; ".join(fr) + ".")


def remarks(calibration: Calibration) -> tuple[Said, ...]:
    """What is better mended at the scanner itself."""
    return tuple(
        said
        for said, true in (
            (_GS_LOST, calibration.gs == "lost"),
            (_ALTGR_LOST, calibration.altgr_lost),
            (_NO_END, calibration.end == "none"),
        )
        if true
    )
