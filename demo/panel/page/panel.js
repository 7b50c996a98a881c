// The panel draws what /events tells and posts what a person does. It has no state of its own.
const by = (id) => document.getElementById(id);
let state = null;

async function act(what) {
  const answer = await fetch("/do", { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(what) });
  if (!answer.ok) by("sentence").textContent = (await answer.json()).detail;
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (!button || !state) return;
  const { scan, cable, trouble, nudge } = button.dataset;
  if (scan) act({ do: "scan", text: scan });
  else if (button.dataset.do) act(JSON.parse(button.dataset.do));
  else if (cable) act({ do: "cable", device: cable, plugged: !state[`${cable}_plugged`] });
  else if (trouble) act({ do: "trouble", trouble: state.scale_trouble === trouble ? null : trouble });
  else if (nudge) act({ do: "weight", grams: Math.max(0, state.grams + Number(nudge)) });
  else if (button.id === "cover") act({ do: "cover", open: !state.cover_open });
  else if (button.id === "paper") act({ do: "paper", out: !state.paper_out });
  else if (button.id === "scan-label") act({ do: "scan", text: state.sscc.replace(/\D/g, "") });
});

by("scan-form").addEventListener("submit", (event) => {
  event.preventDefault();
  const code = by("code");
  if (code.value.trim()) act({ do: "scan", text: code.value.trim() });
  code.value = "";
});
by("weight").addEventListener("input", (event) => act({ do: "weight", grams: Number(event.target.value) }));

function picture(name, count, drawn) {
  const image = by(`${name}-picture`);
  if (count && image.dataset.count !== String(count)) {
    image.dataset.count = count;
    image.src = `/${name}.png?${count}`;
    image.hidden = false;
    image.style.animation = "none";
    void image.offsetWidth; // begin the animation anew
    image.style.animation = "";
  }
  by(`${name}-words`).textContent = drawn;
}

function printerWords() {
  if (!state.printer_plugged) return "The cable is out.";
  const wrong = [state.cover_open && "the cover is open", state.paper_out && "there are no labels in it"].filter(Boolean);
  return wrong.length ? `It waits: ${wrong.join(", ")}.` : "Ready.";
}

function draw(next) {
  state = next;
  document.querySelector(".says").dataset.tone = state.tone;
  by("sentence").textContent = state.sentence;
  by("next-what").textContent = state.next.what;
  by("next").disabled = !state.next.ready;
  for (const lamp of document.querySelectorAll(".light i")) lamp.classList.toggle("on", state.lit.includes(lamp.dataset.colour));
  by("sound").classList.toggle("on", state.sounding);
  by("orders").replaceChildren(...state.orders.map((number) => {
    const chip = document.createElement("button");
    chip.dataset.scan = number;
    chip.textContent = number;
    return chip;
  }));
  by("grams").textContent = state.scale_plugged ? `${state.grams.toLocaleString("en").replaceAll(",", " ")} g` : "– –";
  by("carton").classList.toggle("off", state.grams === 0);
  const slider = by("weight");
  if (document.activeElement !== slider) {
    slider.max = Math.max(8000, state.grams * 1.5);
    slider.value = state.grams;
  }
  for (const button of document.querySelectorAll("[data-trouble]")) button.classList.toggle("on", state.scale_trouble === button.dataset.trouble);
  for (const button of document.querySelectorAll("[data-cable]")) {
    const plugged = state[`${button.dataset.cable}_plugged`];
    button.textContent = plugged ? "Pull the cable" : "Plug it in";
    button.classList.toggle("out", !plugged);
    button.closest(".card").classList.toggle("gone", !plugged);
  }
  by("cover").textContent = state.cover_open ? "Close the cover" : "Open the cover";
  by("cover").classList.toggle("on", state.cover_open);
  by("paper").textContent = state.paper_out ? "Put new labels in" : "Take the labels out";
  by("paper").classList.toggle("on", state.paper_out);
  by("printer-state").textContent = printerWords();
  picture("label", state.labels, state.labels ? state.sscc || "It is on its parcel." : "No label yet.");
  by("scan-label").hidden = !state.sscc;
  picture("slip", state.slips, state.slips ? "" : "No slip yet.");
}

const events = new EventSource("/events");
events.onmessage = (event) => draw(JSON.parse(event.data));
events.onerror = () => {
  by("sentence").textContent = "The demo has ended, or starts again.";
  by("next").disabled = true;
};
