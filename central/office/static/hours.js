// Orders placed and parcels closed by the hour. The table below the chart has the same numbers.
"use strict";

function draw(figure) {
  const { points, time, unit, orders, parcels, zone } = figure.dataset;
  const short = new Intl.DateTimeFormat(figure.lang, { weekday: "short", hour: "2-digit", timeZone: zone });
  const long = new Intl.DateTimeFormat(figure.lang, { dateStyle: "medium", timeStyle: "short", timeZone: zone });
  const options = {
    height: 260,
    scales: { y: { range: (chart, least, most) => [0, Math.max(4, Math.ceil(most * 1.1))] } },
    axes: [
      { ...axis, label: time, space: 80, values: (chart, ticks) => ticks.map((tick) => short.format(tick * 1000)) },
      { ...axis, label: unit, size: 56, incrs: WHOLE },
    ],
    series: [
      { label: time, value: (chart, at) => (at === null ? "–" : long.format(at * 1000)) },
      { label: orders, stroke: ink("--ready"), fill: ink("--ready-back"), width: 1, paths: uPlot.paths.bars({ size: [0.8, 30] }), points: { show: false } },
      { label: parcels, stroke: ink("--good"), width: 2, points: dots(5) },
    ],
  };
  drawn(figure, options, JSON.parse(points));
}

document.querySelectorAll(".chart").forEach(draw);
