// Sounds that differ in pattern, not only in pitch. A note is [hertz, seconds]; 0 hertz is silence.

import { LOUDEST, settings } from "./settings.js";

export const PATTERNS = {
  good: [[1050, 0.09]],
  done: [[700, 0.12], [0, 0.03], [1050, 0.2]],
  look: [[620, 0.14], [0, 0.12], [620, 0.14]],
  stop: [[220, 0.85]],
  sign_in: [[520, 0.07], [660, 0.07], [780, 0.07], [1050, 0.12]],
  call_lead: [[880, 0.08], [0, 0.06], [880, 0.08], [0, 0.06], [880, 0.4]],
};
const REPEAT_MS = 2000;
const EDGE_S = 0.008; // a note that starts or ends at once clicks

let context = null;
let repeating = null;

// For technicians and tests: what was asked for, newest last.
export const heard = [];
globalThis.packlineSounds = { heard, state: () => context?.state ?? "none" };

export function soundState() {
  if (settings().muted) return "muted";
  return context !== null && context.state !== "running" ? "blocked" : "on";
}

// Browsers may hold sound back until the first touch; a kiosk starts with that rule switched off.
export function allow() {
  context ??= new AudioContext();
  if (context.state === "suspended") context.resume();
}

function note(hertz, start, seconds, loudness) {
  const tone = context.createOscillator();
  const gain = context.createGain();
  tone.type = hertz < 300 ? "square" : "triangle"; // small loudspeakers lose a low sine
  tone.frequency.value = hertz;
  gain.gain.setValueAtTime(0, start);
  gain.gain.linearRampToValueAtTime(loudness, start + EDGE_S);
  gain.gain.setValueAtTime(loudness, start + seconds - EDGE_S);
  gain.gain.linearRampToValueAtTime(0, start + seconds);
  tone.connect(gain).connect(context.destination);
  tone.start(start);
  tone.stop(start + seconds);
}

export function play(name) {
  const pattern = PATTERNS[name];
  if (pattern === undefined) return; // ready and wait are silent
  allow();
  const { volume, muted } = settings();
  const audible = !muted && context.state === "running";
  heard.push({ name, audible });
  if (heard.length > 100) heard.shift();
  if (!audible) return;
  let at = context.currentTime + 0.005;
  for (const [hertz, seconds] of pattern) {
    if (hertz > 0) note(hertz, at, seconds, (volume / LOUDEST) ** 2);
    at += seconds;
  }
}

// Plays `name` again and again; null ends it.
export function repeat(name) {
  if (repeating?.name === name) return;
  clearInterval(repeating?.timer);
  repeating = name === null ? null : { name, timer: setInterval(() => play(name), REPEAT_MS) };
}
