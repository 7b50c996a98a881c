// The foot: touch actions, and the quiet corner with devices, network, waiting parcels, packer and clock.

import { html, useEffect, useLayoutEffect, useRef, useState } from "./vendor/preact/htm-preact.js";
import { Mark } from "./shapes.js";
import { soundState } from "./sounds.js";

const KINDS = ["scanner", "scale", "printer", "signals", "camera"];
export const kindsOf = (devices) => KINDS.filter((kind) => kind !== "camera" || devices.some((each) => each.kind === kind));
const WORST_FIRST = ["lost", "bad", "silent", "starting", "ok"];

export function Action({ action, onTouch }) {
  const look = `action${action.primary ? " primary" : ""}${action.dangerous ? " dangerous" : ""}`;
  return html`<button type="button" class=${look} data-code=${action.code} onClick=${() => onTouch(action)}>
    <span>${action.label}</span>
  </button>`;
}

// Buttons that do not fit wrap below the row's edge; the sheet behind "more" has them all.
function hideWhatWraps(row, more) {
  const buttons = [...row.children];
  const wraps = (button) => button.offsetTop !== buttons[0].offsetTop;
  more.hidden = true;
  more.hidden = !buttons.some(wraps);
  for (const button of buttons) button.style.visibility = wraps(button) ? "hidden" : "";
}

export function Actions({ actions, say, onTouch, onMore }) {
  const place = useRef(null);
  const inOrder = [...actions].sort((a, b) => b.primary - a.primary);
  useLayoutEffect(() => {
    const measure = () => hideWhatWraps(...place.current.children);
    measure();
    const watch = new ResizeObserver(measure);
    watch.observe(place.current);
    addEventListener("resize", measure);
    return () => (watch.disconnect(), removeEventListener("resize", measure));
  }, [inOrder.map((action) => action.label).join("\n")]);
  return html`<nav class="actions" ref=${place}>
    <div class="row">
      ${inOrder.map((action) => html`<${Action} key=${action.code} action=${action} onTouch=${onTouch} />`)}
    </div>
    <button type="button" class="action more" aria-label=${say.more} onClick=${onMore}>
      <${Mark} of="more" />
    </button>
  </nav>`;
}

export function healthOf(devices, kind) {
  const there = devices.filter((device) => device.kind === kind).map((device) => device.health);
  return WORST_FIRST.find((health) => there.includes(health)) ?? "none";
}

function Device({ devices, kind, say }) {
  const health = healthOf(devices, kind);
  const word = health === "none" ? say.noDevice : say.health[health];
  return html`<span class="device" data-kind=${kind} data-health=${health}>
    <${Mark} of=${kind} label=${`${say[kind]}: ${word}`} />
  </span>`;
}

function Clock({ language }) {
  const [now, tick] = useState(() => new Date());
  useEffect(() => {
    const timer = setTimeout(() => tick(new Date()), 60_000 - (Date.now() % 60_000));
    return () => clearTimeout(timer);
  }, [now]);
  return html`<time>${now.toLocaleTimeString(language, { hour: "2-digit", minute: "2-digit", hour12: false })}</time>`;
}

export function Corner({ quiet, packer, language, say, onTouch }) {
  return html`<button type="button" class="corner" onClick=${onTouch}>
    <span class="marks">
      ${kindsOf(quiet.devices).map((kind) => html`<${Device} key=${kind} kind=${kind} devices=${quiet.devices} say=${say} />`)}
      <span class="network" data-online=${String(quiet.online)}>
        <${Mark} of=${quiet.online ? "online" : "offline"} label=${quiet.online ? say.online : say.offline} />
      </span>
      ${quiet.troubles.length > 0 && html`<span class="device computer" data-health="bad"><${Mark} of="computer" label=${say.computer} /></span>`}
      ${soundState() !== "on" && html`<${Mark} of="silent" label=${say.soundOff} />`}
    </span>
    <${Clock} language=${language} />
    <span class="packer">${packer}</span>
    <span class="waiting">
      ${quiet.queued > 0 ? say.waiting(quiet.queued) : quiet.at_hand.length > 0 ? say.atHand(quiet.at_hand.length) : ""}
    </span>
    ${quiet.troubles.length > 0 && html`<span class="trouble">${quiet.troubles[0].short}</span>`}
  </button>`;
}
