// The error of a scale over time, between the limits that are allowed. The table below the chart has the same numbers.
"use strict";

function draw(figure) {
  const { points, time, error, empty, high, low, unit, zone } = figure.dataset;
  const limit = { stroke: ink("--stop"), width: 1, dash: [6, 4], points: { show: false } };
  const day = new Intl.DateTimeFormat(figure.lang, { day: "numeric", month: "short", timeZone: zone });
  const moment = new Intl.DateTimeFormat(figure.lang, { dateStyle: "medium", timeStyle: "short", timeZone: zone });
  const options = {
    height: 300,
    legend: { live: true },
    scales: { y: { range: (chart, least, most) => [Math.min(least, 0) - 1, Math.max(most, 0) + 1] } },
    axes: [
      { ...axis, label: time, values: (chart, ticks) => ticks.map((tick) => day.format(tick * 1000)) },
      { ...axis, label: unit, size: 60, incrs: WHOLE },
    ],
    series: [
      { label: time, value: (chart, at) => (at === null ? "–" : moment.format(at * 1000)) },
      { label: error, stroke: ink("--ready"), width: 2, points: dots(7) },
      { label: empty, stroke: ink("--quiet"), width: 1, points: dots(5) },
      { label: high, ...limit },
      { label: low, ...limit },
    ],
  };
  drawn(figure, options, JSON.parse(points));
}

document.querySelectorAll(".chart").forEach(draw);
