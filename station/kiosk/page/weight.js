// The live weight: a bar with its target band, and the number beside it. No weight is a word, never a zero.

import { html } from "./vendor/preact/htm-preact.js";
import { Mark } from "./shapes.js";
import { grams } from "./words.js";

function verdict({ grams: mass, low_g: low, high_g: high }) {
  if (mass === null) return "none";
  if (low === null || high === null) return "plain";
  return mass < low || mass > high ? "outside" : "inside";
}

const share = (mass, full) => `${Math.min(100, Math.max(0, (100 * mass) / full))}%`;

export function Weight({ weight, language }) {
  const state = verdict(weight);
  const { low_g: low, high_g: high, full_scale_g: full } = weight;
  const target = low !== null && high !== null;
  return html`<section class="weight" data-verdict=${state} data-target=${String(target)}>
    <p class="number">
      ${state === "none" ? html`<span class="word">${weight.word}</span>` : grams(language, weight.grams)}
      ${target && state !== "none" && html`<${Mark} of=${state === "inside" ? "tick" : "outside"} />`}
    </p>
    <div class="bar">
      ${state !== "none" && html`<span class="fill" style=${{ width: share(weight.grams, full) }} />`}
      ${target &&
      html`<span class="target" style=${{ left: share(low, full), right: `calc(100% - ${share(high, full)})` }} />`}
    </div>
    ${target && html`<p class="range">${grams(language, low)} – ${grams(language, high)}</p>`}
    ${state !== "none" && weight.word !== "" && html`<p class="word">${weight.word}</p>`}
  </section>`;
}
