// From the stream to the screen and the loudspeaker. A frame is drawn in the event that brought it.

import { html, render } from "./vendor/preact/htm-preact.js";
import { Connecting, Kiosk } from "./kiosk.js";
import { apply } from "./settings.js";
import { allow, play, repeat } from "./sounds.js";
import { follow } from "./stream.js";

let place = document.getElementById("kiosk");
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

// Nothing drawn before may stay, not even of a frame whose drawing failed half way.
function cleared(old) {
  try {
    render(null, old);
  } catch (error) {
    console.warn("the last screen could not be put away", error);
  }
  const empty = old.cloneNode(false);
  old.replaceWith(empty);
  return empty;
}

function onLost() {
  repeat(null);
  place = cleared(place);
  render(html`<${Connecting} key="connecting" language=${language} />`, place);
}

apply();
onLost();
// Letters of a script that came for the first time change every measure, as a new window size does.
document.fonts.addEventListener("loadingdone", () => dispatchEvent(new Event("resize")));
document.addEventListener("pointerdown", allow, { once: true });
follow({ onFrame, onLost });
