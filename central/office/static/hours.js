// Orders placed and parcels closed by the hour. The table below the chart has the same numbers.
"use strict";

const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

function draw(figure) {
  const { points, time, unit, orders, parcels, zone } = figure.dataset;
  const grid = { stroke: colour("--pico-muted-border-color"), width: 1 };
  const axis = { stroke: colour("--pico-color"), grid, ticks: grid, labelFont: "600 13px sans-serif", font: "12px sans-serif" };
  const short = new Intl.DateTimeFormat(figure.lang, { weekday: "short", hour: "2-digit", timeZone: zone });
  const long = new Intl.DateTimeFormat(figure.lang, { dateStyle: "medium", timeStyle: "short", timeZone: zone });
  const options = {
    width: figure.clientWidth,
    height: 260,
    scales: { y: { range: (chart, least, most) => [0, Math.max(4, Math.ceil(most * 1.1))] } },
    axes: [
      { ...axis, label: time, space: 80, values: (chart, ticks) => ticks.map((tick) => short.format(tick * 1000)) },
      { ...axis, label: unit, size: 56, incrs: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10000] },
    ],
    series: [
      { label: time, value: (chart, at) => (at === null ? "–" : long.format(at * 1000)) },
      { label: orders, stroke: colour("--ready"), fill: colour("--ready-back"), width: 1, paths: uPlot.paths.bars({ size: [0.8, 30] }), points: { show: false } },
      { label: parcels, stroke: colour("--good"), width: 2, points: { show: true, size: 5, fill: colour("--pico-background-color") } },
    ],
  };
  const chart = new uPlot(options, JSON.parse(points), figure);
  new ResizeObserver(() => chart.setSize({ width: figure.clientWidth, height: 260 })).observe(figure);
}

document.querySelectorAll(".chart").forEach(draw);
