// Picking on a phone. Works without this script; with it, each step is sent once however often the network fails,
// the page says when it may be old, and the answer is heard as well as seen.
"use strict";

const frame = document.querySelector(".picker");
const network = document.querySelector(".network");
const ASK_AGAIN_MS = 1500;
const LOOK_EVERY_MS = 10000;
const PATIENCE_MS = 8000;
let waiting = null; // the step that has no answer yet
let audio = null;

// --- what is heard and felt ---------------------------------------------------------------------------------------
function tones(...notes) {
  audio ??= new AudioContext();
  let at = audio.currentTime;
  for (const [hertz, seconds] of notes) {
    const tone = audio.createOscillator();
    tone.type = hertz < 400 ? "square" : "sine";
    tone.frequency.value = hertz;
    tone.connect(audio.destination);
    tone.start(at);
    tone.stop((at += seconds));
    at += 0.04;
  }
}

function sound(tone) {
  if (tone === "stop") tones([220, 0.16], [220, 0.16]);
  else if (tone === "done") tones([660, 0.1], [880, 0.18]);
  else tones([880, 0.07]);
  navigator.vibrate?.(tone === "stop" ? [120, 60, 120] : 40);
}

// --- what is shown ------------------------------------------------------------------------------------------------
function offline(text) {
  frame.classList.toggle("offline", text !== "");
  network.hidden = text === "";
  network.textContent = text;
}

const trouble = () => offline(frame.dataset.offline + (waiting ? ` ${frame.dataset.waiting}` : ""));

async function show(answer, quietly) {
  if (!new URL(answer.url).pathname.startsWith("/picking/")) {
    location.assign(answer.url); // signed out, or the batch is gone
    return;
  }
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const newer = page.getElementById("pick");
  if (!newer) return location.reload();
  const there = document.getElementById("pick");
  if (quietly && newer.dataset.mark === there.dataset.mark) return offline("");
  there.replaceWith(newer);
  document.querySelector(".pickbar").replaceWith(page.querySelector(".pickbar"));
  offline("");
  if (!quietly) sound(newer.dataset.tone);
  ready();
}

function ready() {
  const field = document.getElementById("code");
  if (!field) return;
  field.inputMode = "none"; // a scanner types; the screen keyboard would hide the bin
  field.focus();
  const keys = document.querySelector(".keys");
  keys.hidden = false;
  keys.addEventListener("click", () => {
    field.inputMode = "text";
    field.blur();
    field.focus();
  });
  const look = document.querySelector("button.camera");
  look.hidden = !("BarcodeDetector" in window && navigator.mediaDevices);
  look.addEventListener("click", () => watch(field));
}

// --- one step, sent until it is answered --------------------------------------------------------------------------
const ask = (options) => fetch(location.pathname, { ...options, signal: AbortSignal.timeout(PATIENCE_MS) });

async function send() {
  try {
    const answer = await ask({ method: "POST", body: waiting.body, headers: { "Idempotency-Key": waiting.key } });
    if (answer.status >= 500) throw new Error(answer.statusText);
    waiting = null;
    await show(answer, false);
  } catch {
    trouble();
    sound("stop");
    setTimeout(send, ASK_AGAIN_MS);
  }
}

function step(body) {
  if (waiting) {
    trouble();
    sound("stop");
    return;
  }
  const key = Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
  waiting = { body, key };
  send();
}

document.addEventListener("submit", (event) => {
  event.preventDefault();
  const body = new URLSearchParams(new FormData(event.target, event.submitter));
  const field = event.target.querySelector("#code");
  if (field) field.value = "";
  step(body);
});

async function look() {
  if (waiting || document.hidden) return;
  try {
    const answer = await ask({ headers: { Accept: "text/html" } });
    if (answer.ok && !waiting && !document.querySelector(".more details[open]")) await show(answer, true);
  } catch {
    trouble();
  }
}
setInterval(look, LOOK_EVERY_MS);
document.addEventListener("visibilitychange", look);
addEventListener("online", look);
addEventListener("offline", trouble);
document.addEventListener("keydown", (event) => {
  // A scanner types wherever the focus is.
  const field = document.getElementById("code");
  if (field && event.target === document.body && event.key.length === 1) field.focus();
});

// --- codes through the camera, where the browser can read them ------------------------------------------------------
async function watch(field) {
  const video = document.querySelector("video.camera");
  const stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
  video.srcObject = stream;
  video.hidden = false;
  await video.play();
  const detector = new BarcodeDetector();
  while (video.isConnected && !video.hidden) {
    const [found] = await detector.detect(video);
    if (found) {
      video.hidden = true;
      field.value = found.rawValue;
      field.form.requestSubmit();
    }
    await new Promise(requestAnimationFrame);
  }
  stream.getTracks().forEach((track) => track.stop());
}

ready();
