// The whole screen, drawn from one frame. It decides nothing: every word and number comes from the station.

import { html, useEffect, useLayoutEffect, useRef, useState } from "./vendor/preact/htm-preact.js";
import { makeRoom } from "./fit.js";
import { Actions, Corner } from "./foot.js";
import { Shape } from "./shapes.js";
import { ActionSheet, Keyboard, Pad, StationSheet } from "./sheets.js";
import { send } from "./stream.js";
import { words } from "./words.js";
import { Work, isWorking } from "./work.js";

// The places of the rail under the band, left to right: a state is known by its place too.
const PLACES = ["stop", "look", "wait", "ready", "good"];
const TIGHTEST = 6;
const TYPE_IT = "type it"; // opens the keyboard here, is never sent

function Band({ tone, sentence, why }) {
  return html`<header class="band">
    <div class="say" role="status">
      <h1 class="sentence">${sentence}</h1>
      ${why !== "" && html`<p class="why">${why}</p>`}
    </div>
    <${Shape} tone=${tone} />
    <div class="rail" aria-hidden="true">${PLACES.map((place) => html`<i class=${place === tone ? "here" : ""} />`)}</div>
  </header>`;
}

// What is open over the work; it closes by itself at the next answer, which must be seen.
function useSheet(screen) {
  const [open, show] = useState(null);
  const typing = open?.kind === "pad";
  const line = typing ? screen.lines.find((at) => at.order === open.order && at.line === open.line && at.may_type) : null;
  const gone = (typing && !line) || (open?.kind === "actions" && screen.actions.length === 0) || (open?.kind === "keyboard" && screen.asks_text === "");
  useLayoutEffect(() => show(null), [screen.flash, gone]);
  return { open: gone ? null : open?.kind, line, show, close: () => show(null) };
}

// One touch is sent once: a finger that bounces or insists waits for the answer.
function useSender() {
  const [failed, fail] = useState(false);
  const busy = useRef(false);
  useEffect(() => {
    if (!failed) return undefined;
    const timer = setTimeout(() => fail(false), 4000);
    return () => clearTimeout(timer);
  }, [failed]);
  const post = async (path, body) => {
    if (busy.current) return;
    busy.current = true;
    fail(!(await send(path, body)));
    busy.current = false;
  };
  return [post, failed];
}

function Sheets({ sheet, screen, quiet, say, redraw, onAction, onTyped, onText, onCalibrate }) {
  const close = sheet.close;
  switch (sheet.open) {
    case "pad":
      return html`<${Pad} key=${sheet.line.line} line=${sheet.line} sentence=${screen.sentence} say=${say} onTyped=${onTyped} onClose=${close} />`;
    case "keyboard":
      return html`<${Keyboard} asked=${screen.asks_text} sentence=${screen.sentence} say=${say} onText=${onText} onClose=${close} />`;
    case "actions":
      return html`<${ActionSheet} actions=${screen.actions} say=${say} onTouch=${onAction} onClose=${close} />`;
    case "station":
      return html`<${StationSheet} quiet=${quiet} say=${say} redraw=${redraw} onCalibrate=${onCalibrate} onClose=${close} />`;
    default:
      return null;
  }
}

export function Kiosk({ frame, flashing }) {
  const { screen, quiet } = frame;
  const say = words(screen.language);
  const root = useRef(null);
  const sheet = useSheet(screen);
  const [, redraw] = useState(0); // for what this screen keeps itself
  const [post, failed] = useSender();
  const working = isWorking(screen);
  const typeIt = screen.asks_text === "" ? [] : [{ code: TYPE_IT, label: say.typeIt, primary: true }];
  const onAction = (action) => (action.code === TYPE_IT ? sheet.show({ kind: "keyboard" }) : post("/scan", { text: action.code }));
  const onText = (text) => {
    sheet.close();
    post("/scan", { text });
  };
  const onTyped = (quantity) => {
    sheet.close();
    post("/typed", { order: sheet.line.order, line: sheet.line.line, quantity });
  };
  const onCalibrate = (device) => {
    sheet.close();
    post("/calibrate", { device: device.name });
  };
  useLayoutEffect(() => {
    const fit = () => makeRoom(root.current, TIGHTEST);
    fit();
    addEventListener("resize", fit);
    return () => removeEventListener("resize", fit);
  }, [screen.sentence, screen.why, working, screen.lines.length > 0, screen.note !== ""]);
  return html`<main
    ref=${root}
    class=${flashing ? `kiosk flash-${screen.flash % 2}` : "kiosk"}
    data-tone=${screen.tone}
    data-flash=${screen.flash}
    data-answered=${frame.answered_scan}
    data-working=${String(working)}
  >
    <${Band} tone=${screen.tone} sentence=${screen.sentence} why=${screen.why} />
    ${working && html`<${Work} screen=${screen} say=${say} onType=${({ order, line }) => sheet.show({ kind: "pad", order, line })} />`}
    <footer class="foot">
      <${Actions} actions=${[...typeIt, ...screen.actions]} say=${say} onTouch=${onAction} onMore=${() => sheet.show({ kind: "actions" })} />
      <${Corner} quiet=${quiet} packer=${screen.packer} language=${screen.language} say=${say} onTouch=${() => sheet.show({ kind: "station" })} />
    </footer>
    <${Sheets} ...${{ sheet, screen, quiet, say, onAction, onTyped, onText, onCalibrate }} redraw=${() => redraw((n) => n + 1)} />
    ${failed && html`<p class="failed" role="alert">${say.notSent}</p>`}
  </main>`;
}

// No stream: nothing of the last frame is shown, it may be old.
export function Connecting({ language }) {
  const say = words(language);
  return html`<main class="kiosk" data-tone="wait" data-working="false" data-connecting="true">
    <${Band} tone="wait" sentence=${say.connecting} why=${say.connectingWhy} />
  </main>`;
}
