// The work below the band: the order's title, a note to read, the lines, and the weight beside them.

import { html } from "./vendor/preact/htm-preact.js";
import { Lines, Title, usePages } from "./lines.js";
import { Note } from "./note.js";
import { Photo } from "./photo.js";
import { Weight } from "./weight.js";

export const isWorking = ({ lines, weight, note }) => lines.length > 0 || weight !== null || note !== "";

export function Work({ screen, say, onType }) {
  const paged = usePages(screen);
  const lines = screen.lines.length > 0;
  const note = screen.note !== "";
  return html`<section class="work" data-lines=${String(lines)} data-note=${String(note)}>
    ${(lines || screen.title !== "") && html`<${Title} screen=${screen} say=${say} page=${paged.page} pages=${paged.pages} />`}
    <div class="column">
      ${note && html`<${Note} text=${screen.note} />`}
      ${lines && html`<${Lines} ...${{ screen, say, onType, ...paged }} />`}
      ${screen.photo && html`<${Photo} photo=${screen.photo} say=${say} />`}
    </div>
    ${screen.weight !== null && html`<${Weight} weight=${screen.weight} language=${screen.language} />`}
  </section>`;
}
