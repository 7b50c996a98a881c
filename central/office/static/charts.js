// What every chart shares: the page's colours, on paper those of paper, axes with their units, a width that follows.
"use strict";

const PAPER = { "--ready": "#0b57a8", "--ready-back": "#e3effc", "--good": "#146c37", "--stop": "#a31621", "--quiet": "#4d5765",
  "--wait": "#7a4a00", "--pico-color": "#000", "--pico-muted-border-color": "#bbb", "--pico-background-color": "#fff" };
const printing = matchMedia("print");
const ink = (name) => () =>
  printing.matches ? PAPER[name] : getComputedStyle(document.documentElement).getPropertyValue(name).trim();
const grid = { stroke: ink("--pico-muted-border-color"), width: 1 };
const axis = { stroke: ink("--pico-color"), grid, ticks: grid, labelFont: "600 13px sans-serif", font: "12px sans-serif" };
const dots = (size) => ({ show: true, size, fill: ink("--pico-background-color") });
const WHOLE = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10000];

function drawn(figure, options, points) {
  const size = () => ({ width: figure.clientWidth, height: options.height });
  const chart = new uPlot({ ...options, ...size() }, points, figure);
  new ResizeObserver(() => chart.setSize(size())).observe(figure);
  for (const media of [printing, matchMedia("(prefers-color-scheme: dark)")])
    media.addEventListener("change", () => chart.redraw());
}
