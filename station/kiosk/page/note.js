// What is to be read now: an instruction, a gift note, a word from the office. Too long for its place, it turns pages.

import { html, useEffect, useLayoutEffect, useRef, useState } from "./vendor/preact/htm-preact.js";
import { shrink } from "./fit.js";
import { Dots } from "./shapes.js";

const TURN_MS = 7000;

export function Note({ text }) {
  const place = useRef(null);
  const [pages, count] = useState(1);
  const [page, turn] = useState(0);
  useLayoutEffect(() => {
    const measure = () => {
      const flow = place.current;
      shrink(flow, 2);
      const gap = parseFloat(getComputedStyle(flow).columnGap);
      count(Math.max(1, Math.round((flow.scrollWidth + gap) / (flow.clientWidth + gap))));
    };
    turn(0);
    measure();
    const watch = new ResizeObserver(measure);
    watch.observe(place.current);
    return () => watch.disconnect();
  }, [text]);
  useEffect(() => {
    if (pages < 2) return undefined;
    const timer = setInterval(() => turn((now) => (now + 1) % pages), TURN_MS);
    return () => clearInterval(timer);
  }, [pages, text]);
  useLayoutEffect(() => {
    const flow = place.current;
    flow.scrollLeft = page * (flow.clientWidth + parseFloat(getComputedStyle(flow).columnGap));
  }, [page, pages]);
  return html`<section class="note" onClick=${() => turn((now) => (now + 1) % pages)}>
    <p class="flow" ref=${place}>${text}</p>
    ${pages > 1 && html`<${Dots} page=${page} pages=${pages} />`}
  </section>`;
}
