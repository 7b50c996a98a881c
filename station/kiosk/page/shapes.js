// The five states as shapes (ours), and small marks from Lucide (vendor/lucide/LICENSE.txt).

import { html } from "./vendor/preact/htm-preact.js";

const SHAPES = {
  ready: html`<circle cx="50" cy="50" r="36" class="stroke" /><circle cx="50" cy="50" r="13" />`,
  good: html`<path d="M13 53 39 79 87 23" class="stroke" />`,
  wait: html`<path d="M50 14a36 36 0 1 1-33 22" class="stroke" /><path d="M6 40 30 47 26 17z" />`,
  look: html`<path d="M50 8q4 0 6 4l38 70q4 10-6 10H12q-10 0-6-10L44 12q2-4 6-4z" />
    <path d="M50 36v24" class="cut" /><circle cx="50" cy="76" r="6" class="cut-dot" />`,
  stop: html`<path
    d="M30 54V22a5.5 5.5 0 0 1 11 0v24h3V13a5.5 5.5 0 0 1 11 0v33h3V17a5.5 5.5 0 0 1 11 0v31h3V28a5.5 5.5 0 0 1 11 0v38
       c0 17-11 29-27 29-13 0-20-6-26-17L15 60c-4-8 5-13 10-6l5 7z"
  />`,
};

export const Shape = ({ tone }) =>
  html`<svg class="shape" data-shape=${tone} viewBox="0 0 100 100" aria-hidden="true">${SHAPES[tone]}</svg>`;

const MARKS = {
  scanner: ["M3 7V5a2 2 0 0 1 2-2h2", "M17 3h2a2 2 0 0 1 2 2v2", "M21 17v2a2 2 0 0 1-2 2h-2", "M7 21H5a2 2 0 0 1-2-2v-2",
    "M8 7v10", "M12 7v10", "M17 7v10"],
  scale: ["M12 3v18", "m19 8 3 8a5 5 0 0 1-6 0zV7", "M3 7h1a17 17 0 0 0 8-2 17 17 0 0 0 8 2h1", "m5 8 3 8a5 5 0 0 1-6 0zV7",
    "M7 21h10"],
  printer: ["M6 18H4a2 2 0 0 1-2-2v-5a2 2 0 0 1 2-2h16a2 2 0 0 1 2 2v5a2 2 0 0 1-2 2h-2",
    "M6 9V3a1 1 0 0 1 1-1h10a1 1 0 0 1 1 1v6", "M7 14h10a1 1 0 0 1 1 1v6a1 1 0 0 1-1 1H7a1 1 0 0 1-1-1v-6a1 1 0 0 1 1-1"],
  signals: ["M15 14c.2-1 .7-1.7 1.5-2.5 1-.9 1.5-2.2 1.5-3.5A6 6 0 0 0 6 8c0 1 .2 2.2 1.5 3.5.7.7 1.3 1.5 1.5 2.5",
    "M9 18h6", "M10 22h4"],
  camera: ["M13.997 4a2 2 0 0 1 1.76 1.05l.486.9A2 2 0 0 0 18.003 7H20a2 2 0 0 1 2 2v9a2 2 0 0 1-2 2H4a2 2 0 0 1-2-2V9a2 2 0 0 1" +
    " 2-2h1.997a2 2 0 0 0 1.759-1.048l.489-.904A2 2 0 0 1 10.004 4z", "M12 10a3 3 0 1 0 0 6 3 3 0 0 0 0-6"],
  online: ["M12 20h.01", "M2 8.82a15 15 0 0 1 20 0", "M5 12.859a10 10 0 0 1 14 0", "M8.5 16.429a5 5 0 0 1 7 0"],
  computer: ["M4 3h16a2 2 0 0 1 2 2v10a2 2 0 0 1-2 2H4a2 2 0 0 1-2-2V5a2 2 0 0 1 2-2z", "M8 21h8", "M12 17v4"],
  offline: ["M12 20h.01", "M8.5 16.429a5 5 0 0 1 7 0", "M5 12.859a10 10 0 0 1 5.17-2.69", "M19 12.859a10 10 0 0 0-2.007-1.523",
    "M2 8.82a15 15 0 0 1 4.177-2.643", "M22 8.82a15 15 0 0 0-11.288-3.764", "m2 2 20 20"],
  fragile: ["M8 22h8", "M7 10h10", "M12 15v7", "M12 15a5 5 0 0 0 5-5c0-2-.5-4-2-8H9c-1.5 4-2 6-2 8a5 5 0 0 0 5 5Z"],
  silent: ["M11 4.702a.7.7 0 0 0-1.203-.498L6.413 7.587A1.4 1.4 0 0 1 5.416 8H3a1 1 0 0 0-1 1v6a1 1 0 0 0 1 1h2.416" +
    "a1.4 1.4 0 0 1 .997.413l3.383 3.384A.7.7 0 0 0 11 19.298z", "m16.5 14.5 5-5", "m16.5 9.5 5 5"],
  more: ["M12 11a1 1 0 0 0 0 2 1 1 0 0 0 0-2", "M19 11a1 1 0 0 0 0 2 1 1 0 0 0 0-2", "M5 11a1 1 0 0 0 0 2 1 1 0 0 0 0-2"],
  erase: ["M10 5a2 2 0 0 0-1.344.519l-6.328 5.74a1 1 0 0 0 0 1.481l6.328 5.741A2 2 0 0 0 10 19h10a2 2 0 0 0 2-2V7" +
    "a2 2 0 0 0-2-2z", "m12 9 6 6", "m18 9-6 6"],
  tick: ["M20 6 9 17l-5-5"],
  cross: ["M18 6 6 18", "m6 6 12 12"],
  outside: ["m21.73 18-8-14a2 2 0 0 0-3.48 0l-8 14A2 2 0 0 0 4 21h16a2 2 0 0 0 1.73-3", "M12 9v4", "M12 17h.01"],
};

export const Mark = ({ of, label }) =>
  html`<svg class="mark" data-mark=${of} viewBox="0 0 24 24" role=${label ? "img" : null} aria-label=${label} aria-hidden=${!label}>
    ${(MARKS[of] ?? MARKS.more).map((path) => html`<path d=${path} />`)}
  </svg>`;

// Which page of several is to be seen: dots while an eye can count them.
export const Dots = ({ page, pages }) =>
  html`<span class="pages" data-pages=${pages}>
    ${pages > 6 ? `${page + 1}/${pages}` : Array.from({ length: pages }, (_, n) => html`<i class=${n === page ? "here" : ""} />`)}
  </span>`;
