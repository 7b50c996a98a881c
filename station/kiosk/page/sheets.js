// What opens over the work when it is touched: all actions, the number pad, and this station's state with settings.

import { html, useState } from "./vendor/preact/htm-preact.js";
import { Action, healthOf, kindsOf } from "./foot.js";
import { LOUDEST, change, settings } from "./settings.js";
import { Mark } from "./shapes.js";
import { play, soundState } from "./sounds.js";

const DIGITS = 5;
const LETTERS = "1234567890ABCDEFGHIJKLMNOPQRSTUVWXYZ-/._";
const DATE = "1234567890.-";
const MOST_TYPED = 20;

function Sheet({ title, say, onClose, children, kind }) {
  return html`<div class=${`sheet ${kind}`} role="dialog" aria-label=${title}>
    <header>
      <h2>${title}</h2>
      <button type="button" class="action close" aria-label=${say.back} onClick=${onClose}><${Mark} of="cross" /></button>
    </header>
    <div class="content">${children}</div>
  </div>`;
}

export function ActionSheet({ actions, say, onTouch, onClose }) {
  const touch = (action) => (onClose(), onTouch(action));
  return html`<div class="sheet all-actions" role="dialog" aria-label=${say.more}>
    ${actions.map((action) => html`<${Action} key=${action.code} action=${action} onTouch=${touch} />`)}
    <button type="button" class="action close" aria-label=${say.back} onClick=${onClose}><${Mark} of="cross" /></button>
  </div>`;
}

export function Pad({ line, sentence, say, onTyped, onClose }) {
  const [typed, type] = useState("");
  const press = (digit) => type((now) => (now === "0" ? digit : now + digit).slice(0, DIGITS));
  return html`<${Sheet} kind="pad" title=${sentence} say=${say} onClose=${onClose}>
    <div class="asked">
      <p class="name">${line.name}</p>
      <p class="so-far"><b>${line.packed}</b>${line.quantity > 0 && ` ${say.of} ${line.quantity}`}</p>
      <p class="how-many">${say.howMany}</p>
      <output class="typed">${typed || "–"}</output>
    </div>
    <div class="keys">
      ${[..."789456123"].map((digit) => html`<button type="button" class="action key" onClick=${() => press(digit)}>${digit}</button>`)}
      <button type="button" class="action key" aria-label=${say.erase} onClick=${() => type((now) => now.slice(0, -1))}>
        <${Mark} of="erase" />
      </button>
      <button type="button" class="action key" onClick=${() => press("0")}>0</button>
      <button type="button" class="action key primary" disabled=${typed === ""} onClick=${() => onTyped(Number(typed))}>${say.ok}</button>
    </div>
  <//>`;
}

// What is typed is sent as a scan: lots and serial numbers that have no barcode, dates.
export function Keyboard({ asked, sentence, say, onText, onClose }) {
  const [typed, type] = useState("");
  const press = (char) => type((now) => (now + char).slice(0, MOST_TYPED));
  return html`<${Sheet} kind="keyboard" title=${sentence} say=${say} onClose=${onClose}>
    <div class="entry">
      <output class="typed">${typed || "–"}</output>
      <button type="button" class="action key" aria-label=${say.erase} onClick=${() => type((now) => now.slice(0, -1))}>
        <${Mark} of="erase" />
      </button>
      <button type="button" class="action key primary" disabled=${typed === ""} onClick=${() => onText(typed)}>${say.ok}</button>
    </div>
    <div class="letters" data-asked=${asked}>
      ${[...(asked === "date" ? DATE : LETTERS)].map((char) => html`<button type="button" class="action key" onClick=${() => press(char)}>${char}</button>`)}
    </div>
  <//>`;
}

function Devices({ quiet, say, onCalibrate }) {
  const missing = kindsOf(quiet.devices).filter((kind) => healthOf(quiet.devices, kind) === "none");
  return html`<ul class="devices">
    ${quiet.devices.map(
      (device) => html`<li class="device" data-health=${device.health}>
        <${Mark} of=${device.kind} />
        <span>${device.name}: ${device.detail || say.health[device.health]}</span>
        ${device.can_calibrate && html`<button type="button" class="action calibrate" onClick=${() => onCalibrate(device)}>${say.calibrate}</button>`}
      </li>`,
    )}
    ${missing.map((kind) => html`<li class="device" data-health="none"><${Mark} of=${kind} /><span>${say[kind]}: ${say.noDevice}</span></li>`)}
    <li class="network" data-online=${String(quiet.online)}>
      <${Mark} of=${quiet.online ? "online" : "offline"} />
      <span>${say.network}: ${quiet.online ? say.online : say.offline}${quiet.queued > 0 ? ` (${say.waiting(quiet.queued)})` : ""}</span>
    </li>
    ${quiet.troubles.map((trouble) => html`<li class="device computer" data-health="bad"><${Mark} of="computer" /><span>${trouble.text}</span></li>`)}
  </ul>`;
}

function Choices({ say, redraw }) {
  const { volume, muted, palette } = settings();
  const set = (part) => (change(part), redraw(), "palette" in part || play("good"));
  const step = (by) => set({ volume: Math.min(LOUDEST, Math.max(1, volume + by)), muted: false });
  return html`<div class="choices">
    <h3>${say.sound}: <output class="volume">${muted ? say.soundOff : `${volume}/${LOUDEST}`}</output></h3>
    <div class="choice">
      <button type="button" class="action" data-set="quieter" aria-label=${say.quieter} onClick=${() => step(-1)}>−</button>
      <button type="button" class="action" data-set="louder" aria-label=${say.louder} onClick=${() => step(1)}>+</button>
      <button type="button" class="action" data-set="mute" aria-pressed=${muted} onClick=${() => set({ muted: !muted })}>${say.mute}</button>
    </div>
    ${soundState() === "blocked" && html`<p>${say.soundBlocked}</p>`}
    <h3>${say.picture}</h3>
    <div class="choice">
      ${Object.entries(say.palettes).map(
        ([name, label]) => html`<button type="button" class="action" data-set=${name} aria-pressed=${palette === name} onClick=${() => set({ palette: name })}>${label}</button>`,
      )}
    </div>
  </div>`;
}

export function StationSheet({ quiet, say, redraw, onCalibrate, onClose }) {
  return html`<${Sheet} kind="station" title=${`${say.station} ${quiet.station}`} say=${say} onClose=${onClose}>
    <${Devices} quiet=${quiet} say=${say} onCalibrate=${onCalibrate} />
    <${Choices} say=${say} redraw=${redraw} />
  <//>`;
}
