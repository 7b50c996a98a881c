// What this screen remembers for itself: volume, mute and palette.

const FIRST = { volume: 4, muted: false, palette: "auto" };
export const LOUDEST = 5;

function kept() {
  try {
    return JSON.parse(localStorage.getItem("packline")) ?? {};
  } catch {
    return {};
  }
}

const now = { ...FIRST, ...kept() };
export const settings = () => now;

export function change(part) {
  Object.assign(now, part);
  localStorage.setItem("packline", JSON.stringify(now));
  apply();
}

export function apply() {
  document.documentElement.dataset.palette = now.palette;
}
