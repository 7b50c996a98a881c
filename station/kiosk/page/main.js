// From the stream to the screen and the loudspeaker. A frame is drawn in the event that brought it.

import { html, render } from "./vendor/preact/htm-preact.js";
import { Connecting, Kiosk } from "./kiosk.js";
import { apply } from "./settings.js";
import { allow, play, repeat } from "./sounds.js";
import { follow } from "./stream.js";

const place = document.getElementById("kiosk");
let language = document.documentElement.lang;
let answered = null; // the last `flash` that was drawn
let flashing = false;

function onFrame(frame, fresh) {
  const { screen } = frame;
  const answers = !fresh && screen.flash !== answered;
  answered = screen.flash;
  flashing = fresh ? false : flashing || answers;
  language = document.documentElement.lang = screen.language;
  render(html`<${Kiosk} key="kiosk" frame=${frame} flashing=${flashing} />`, place);
  if (answers) play(screen.sound);
  repeat(screen.repeat_sound ? screen.sound || "stop" : null);
}

function onLost() {
  repeat(null);
  render(html`<${Connecting} key="connecting" language=${language} />`, place);
}

apply();
onLost();
document.addEventListener("pointerdown", allow, { once: true });
follow({ onFrame, onLost });
