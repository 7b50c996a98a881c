// The error of a scale over time, between the limits that are allowed. The table below the chart has the same numbers.
"use strict";

const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

function draw(figure) {
  const { points, time, error, empty, high, low, unit, zone } = figure.dataset;
  const grid = { stroke: colour("--pico-muted-border-color"), width: 1 };
  const axis = { stroke: colour("--pico-color"), grid, ticks: grid, labelFont: "600 13px sans-serif", font: "12px sans-serif" };
  const limit = { stroke: colour("--stop"), width: 1, dash: [6, 4], points: { show: false } };
  const day = new Intl.DateTimeFormat(figure.lang, { day: "numeric", month: "short", timeZone: zone });
  const moment = new Intl.DateTimeFormat(figure.lang, { dateStyle: "medium", timeStyle: "short", timeZone: zone });
  const options = {
    width: figure.clientWidth,
    height: 300,
    legend: { live: true },
    scales: { y: { range: (chart, least, most) => [Math.min(least, 0) - 1, Math.max(most, 0) + 1] } },
    axes: [
      { ...axis, label: time, values: (chart, ticks) => ticks.map((tick) => day.format(tick * 1000)) },
      { ...axis, label: unit, size: 60, incrs: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000] },
    ],
    series: [
      { label: time, value: (chart, at) => (at === null ? "–" : moment.format(at * 1000)) },
      { label: error, stroke: colour("--ready"), width: 2, points: { show: true, size: 7, fill: colour("--pico-background-color") } },
      { label: empty, stroke: colour("--quiet"), width: 1, points: { show: true, size: 5, fill: colour("--pico-background-color") } },
      { label: high, ...limit },
      { label: low, ...limit },
    ],
  };
  const chart = new uPlot(options, JSON.parse(points), figure);
  new ResizeObserver(() => chart.setSize({ width: figure.clientWidth, height: 300 })).observe(figure);
}

document.querySelectorAll(".chart").forEach(draw);
