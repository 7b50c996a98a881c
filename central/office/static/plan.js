// How long the stock lasts, and how few products make the turnover. The tables behind the charts have the same numbers.
"use strict";

function cover(figure) {
  const { points, bands, unit, products } = figure.dataset;
  const names = JSON.parse(bands);
  const slanted = figure.clientWidth < 560 ? { rotate: -60, size: 84 } : {};
  const options = {
    height: 260,
    scales: {
      x: { time: false, range: [-0.6, names.length - 0.4] },
      y: { range: (chart, least, most) => [0, Math.max(4, Math.ceil(most * 1.1))] },
    },
    axes: [
      { ...axis, ...slanted, label: unit, grid: { show: false }, splits: () => names.map((name, at) => at), values: () => names },
      { ...axis, label: products, size: 60, incrs: WHOLE },
    ],
    series: [
      { label: unit, value: (chart, at) => names[at] ?? "–" },
      { label: products, stroke: ink("--ready"), fill: ink("--ready-back"), width: 1, paths: uPlot.paths.bars({ size: [0.7, 80] }), points: { show: false } },
    ],
  };
  drawn(figure, options, JSON.parse(points));
}

function turnover(figure) {
  const { points, products, percent, limits } = figure.dataset;
  const limit = { stroke: ink("--stop"), width: 1, dash: [6, 4], points: { show: false } };
  const [first, second] = JSON.parse(limits);
  const options = {
    height: 260,
    scales: { x: { time: false }, y: { range: [0, 100] } },
    axes: [
      { ...axis, label: products, incrs: WHOLE },
      { ...axis, label: percent, size: 60, incrs: [20] },
    ],
    series: [
      { label: products },
      { label: percent, stroke: ink("--good"), width: 2, points: { show: false } },
      { label: first, ...limit },
      { label: second, ...limit },
    ],
  };
  drawn(figure, options, JSON.parse(points));
}

document.querySelectorAll("#cover").forEach(cover);
document.querySelectorAll("#turnover").forEach(turnover);
