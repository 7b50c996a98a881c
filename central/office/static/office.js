// Small helps for pages that work without them: live parts, arrow keys in tables, questions before what is dangerous.
"use strict";

const stale = (is) => document.documentElement.classList.toggle("stale", is);

// A part that asks the server for its newer self when something changed; never while somebody types in it.
async function renew(part) {
  if (part.querySelector("input:focus, textarea:focus, select:focus, details[open]")) return false;
  const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
  if (!answer.ok) return false;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const newer = page.getElementById(part.id);
  if (!newer) return false;
  headed(newer);
  swap(part, newer);
  return true;
}

// Whoever is on a link of the part stays on it.
function swap(part, newer) {
  const focused = part.contains(document.activeElement) && document.activeElement.getAttribute("href");
  part.replaceWith(newer);
  if (focused) newer.querySelector(`a[href="${CSS.escape(focused)}"]`)?.focus({ preventScroll: true });
}

for (const part of document.querySelectorAll("[data-live]")) {
  const id = part.id;
  const stream = new EventSource(part.dataset.live);
  stream.addEventListener("open", () => stale(false));
  stream.addEventListener("error", () => stale(true));
  stream.addEventListener("changed", async () => {
    const there = document.getElementById(id);
    if (there && !(await renew(there))) {
      there.addEventListener("focusout", () => renew(document.getElementById(id)), { once: true });
    }
  });
  stream.addEventListener("gone", (event) => document.getElementById(`station-${event.data}`)?.remove());
  stream.addEventListener("station", (event) => {
    const newer = new DOMParser().parseFromString(event.data, "text/html").body.firstElementChild;
    const there = document.getElementById(newer.id);
    if (there) swap(there, newer);
    else {
      document.getElementById("no-stations")?.remove();
      document.getElementById("stations").append(newer);
    }
  });
}

// Up and down walk the links of a table's first column; Enter follows, as for any link.
document.addEventListener("keydown", (event) => {
  if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
  const row = event.target.closest?.("tbody tr");
  if (!row || event.target.matches("input, select, textarea")) return;
  const next = event.key === "ArrowDown" ? row.nextElementSibling : row.previousElementSibling;
  const link = next?.querySelector("a, button");
  if (link) {
    link.focus();
    event.preventDefault();
  }
});

document.addEventListener("submit", (event) => {
  const { confirm: question, confirmWhen: when } = event.target.dataset;
  const chosen = new FormData(event.target);
  const asks = !when || when.split(" ").some((one) => chosen.get(one.split("=")[0]) === one.split("=")[1]);
  if (question && asks && !window.confirm(question)) event.preventDefault();
});

// On narrow screens a row of a list is a card: each cell carries its heading.
function headed(root) {
  for (const table of root.querySelectorAll("table.list")) {
    const headings = [...table.tHead.rows[0].cells].map((heading) => heading.textContent.trim());
    for (const row of table.tBodies[0].rows)
      for (const cell of row.cells)
        if (cell.tagName === "TD" && !cell.classList.contains("pick")) cell.dataset.heading = headings[cell.cellIndex];
  }
}
headed(document);

// A heading of a list sorts it by a new page: whoever came by keys finds the same heading under the fingers there.
document.addEventListener("click", (event) => {
  const heading = event.target.closest("th a[id^=by-]");
  if (heading) sessionStorage.setItem("sorted", heading.id);
});
const heading = sessionStorage.getItem("sorted");
sessionStorage.removeItem("sorted");
if (heading) document.getElementById(heading)?.focus();

if (document.querySelector("[data-printed]")) window.print();

// The box above a column of boxes picks them all; the number of picked ones stands beside the choice.
for (const all of document.querySelectorAll("[data-picks]")) {
  const name = all.dataset.picks;
  const boxes = [...all.form.querySelectorAll(`input[name="${name}"]`)];
  const told = all.form.querySelector(`[data-picked="${name}"]`);
  const tell = () => {
    const picked = boxes.filter((box) => box.checked).length;
    all.checked = picked === boxes.length;
    all.indeterminate = picked > 0 && !all.checked;
    if (told) told.textContent = picked ? `(${picked})` : "";
  };
  all.addEventListener("change", () => {
    for (const box of boxes) box.checked = all.checked;
    tell();
  });
  for (const box of boxes) box.addEventListener("change", tell);
  tell();
}

// Fields that only some choices need are shown with these.
for (const select of document.querySelectorAll("select[data-shows]")) {
  const show = () => {
    for (const part of select.form.querySelectorAll("[data-for]")) {
      part.hidden = !part.dataset.for.split(" ").includes(select.value);
    }
  };
  select.addEventListener("change", show);
  show();
}

for (const select of document.querySelectorAll(".filters select")) {
  select.addEventListener("change", () => select.form.requestSubmit());
}
