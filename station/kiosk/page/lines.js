// The order's lines: picture, name, "3 of 5". They page by themselves to what remains.

import { html, useEffect, useLayoutEffect, useRef, useState } from "./vendor/preact/htm-preact.js";
import { shrink } from "./fit.js";
import { pageCount, pageOf, pageOfTouched, remaining } from "./paging.js";
import { Dots, Mark } from "./shapes.js";

const TURN_MS = 5000;
const RETRY_PICTURE_MS = 60_000;

// Our drawing stands until the picture is there; a picture that did not come is asked for again later.
function Picture({ line, say }) {
  const [attempt, again] = useState(0);
  const [state, become] = useState("coming");
  useEffect(() => {
    if (state !== "missing") return undefined;
    const timer = setTimeout(() => (again((n) => n + 1), become("coming")), RETRY_PICTURE_MS);
    return () => clearTimeout(timer);
  }, [state]);
  const shown = line.picture !== "" && state !== "missing";
  return html`<span class="picture" data-state=${shown ? state : "drawn"}>
    <span class="letters" aria-hidden="true">${line.sku.slice(0, 4)}</span>
    ${shown &&
    html`<img
      key=${attempt}
      alt=""
      src=${`/pictures/${encodeURIComponent(line.picture)}${attempt ? `?again=${attempt}` : ""}`}
      onLoad=${() => become("here")}
      onError=${() => become("missing")}
    />`}
    ${line.fragile && html`<${Mark} of="fragile" label=${say.fragile} />`}
  </span>`;
}

function Count({ line, say }) {
  const done = line.mark === "done";
  return html`<span class="count">
    <span class="figures" data-long=${String(`${line.packed}${line.quantity}`.length > 3)}>
      ${done && html`<${Mark} of="tick" />`}<b>${line.packed}</b>${line.quantity > 0 && html` <i>${say.of}</i> ${line.quantity}`}
    </span>
    ${line.short > 0 && html`<span class="short">${say.short(line.short)}</span>`}
  </span>`;
}

function Line({ line, say, several, onType }) {
  const content = html`
    <${Picture} line=${line} say=${say} key=${line.picture} />
    <span class="name">
      ${several && html`<span class="order">${line.order}</span> `}
      ${line.name} <span class="sku">${line.sku}</span>
    </span>
    <${Count} line=${line} say=${say} />
  `;
  const shape = { class: `line ${line.mark}`, "data-line": line.line, "data-order": line.order };
  return line.may_type
    ? html`<button type="button" ...${shape} onClick=${() => onType(line)}>${content}</button>`
    : html`<div ...${shape}>${content}</div>`;
}

// How many rows fit into `list`, now and whenever its height changes.
function useRoom(list, there) {
  const [room, setRoom] = useState(1);
  useLayoutEffect(() => {
    if (!there) return undefined;
    const measure = () => {
      const style = getComputedStyle(list.current);
      const gap = parseFloat(style.rowGap);
      const row = parseFloat(style.getPropertyValue("--row"));
      setRoom(Math.floor((list.current.clientHeight + gap + 0.5) / (row + gap)));
    };
    measure();
    const watch = new ResizeObserver(measure);
    watch.observe(list.current);
    return () => watch.disconnect();
  }, [there]);
  return room;
}

function usePage(lines, room) {
  const [page, turn] = useState(0);
  const pages = pageCount(lines, room);
  const touched = lines.find((line) => line.mark === "touched");
  const touch = touched ? `${touched.order} ${touched.line} ${touched.packed}` : "";
  const next = () => turn((now) => (now + 1) % pages);
  useLayoutEffect(() => {
    const at = pageOfTouched(lines, room);
    if (at >= 0) turn(at);
  }, [touch, room]);
  useEffect(() => {
    if (pages < 2) return undefined;
    const timer = setInterval(next, TURN_MS);
    return () => clearInterval(timer);
  }, [pages, touch]);
  return [Math.min(page, pages - 1), pages, next];
}

// What of `screen.lines` is to be seen now, in a list whose element is `list`.
export function usePages(screen) {
  const list = useRef(null);
  const room = useRoom(list, screen.lines.length > 0);
  const [page, pages, next] = usePage(screen.lines, room);
  return { list, room, page, pages: room > 0 ? pages : 1, next, shown: pageOf(screen.lines, room, page) };
}

export function Title({ screen, say, page, pages }) {
  return html`<header class="title">
    <span class="order-title">${screen.title}</span>
    ${screen.parcel > 0 && html`<span class="parcel">${say.parcel(screen.parcel)}</span>`}
    ${pages > 1 && html`<span class="left">${say.left(remaining(screen.lines).length)}</span><${Dots} page=${page} pages=${pages} />`}
  </header>`;
}

// Sets long names smaller, when names or their width have changed: the weight alone changes ten times a second.
function useFittingNames(list) {
  const fitted = useRef("");
  const fit = () => {
    const rows = list.current.children;
    const now = [list.current.clientWidth, ...Array.from(rows, (row) => row.textContent)].join("\n");
    if (now === fitted.current) return;
    fitted.current = now;
    for (const row of rows) shrink(row.querySelector(".name"), 3);
  };
  useLayoutEffect(fit);
  useLayoutEffect(() => {
    const again = () => ((fitted.current = ""), fit());
    addEventListener("resize", again);
    return () => removeEventListener("resize", again);
  }, []);
}

export function Lines({ screen, say, list, room, shown, next, onType }) {
  const several = new Set(screen.lines.map((line) => line.order)).size > 1;
  useFittingNames(list);
  return html`<div class="list" ref=${list} data-room=${room} onClick=${(event) => !event.target.closest("button") && next()}>
    ${shown.map(
      (line) => html`<${Line} key=${`${line.order} ${line.line}`} ...${{ line, say, several, onType }} />`,
    )}
  </div>`;
}
