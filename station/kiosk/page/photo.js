// The picture of the open box, or the word that stands in its place.

import { html } from "./vendor/preact/htm-preact.js";
import { Mark } from "./shapes.js";

export const Photo = ({ photo, say }) =>
  html`<figure class="photo" data-there=${String(photo.name !== "" && photo.word === "")}>
    ${photo.word === ""
      ? html`<img key=${photo.name} alt=${say.photo} src=${`/photos/${photo.name}`} />`
      : html`<figcaption class="word"><${Mark} of="camera" />${photo.word}</figcaption>`}
  </figure>`;
