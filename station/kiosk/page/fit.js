// Text that does not fit is set smaller in steps; the steps themselves stand in the style sheets as data-tight.

// A font's letters reach a little over a narrow line's height: that is no overflow.
const REACH = 0.15;

function over(element) {
  const reach = REACH * parseFloat(getComputedStyle(element).fontSize);
  return element.scrollHeight > element.clientHeight + reach || element.scrollWidth > element.clientWidth + 1;
}

// Sets `element` smaller, at most `steps` times, until its content fits.
export function shrink(element, steps) {
  element.dataset.tight = 0;
  for (let step = 1; step <= steps && over(element); step += 1) element.dataset.tight = step;
}

// The work needs a title and one row of each that it has.
function least(work) {
  const style = getComputedStyle(work);
  const [title, row] = ["--title", "--row"].map((name) => parseFloat(style.getPropertyValue(name)));
  const { lines, note } = work.dataset;
  return title + row * Math.max(1, (lines === "true") + (note === "true"));
}

// Makes room for the work below the band: the band's text yields before the work has less than it needs.
export function makeRoom(kiosk, steps) {
  const band = kiosk.querySelector(".band");
  const work = kiosk.querySelector(".work");
  const needed = work === null ? 0 : least(work);
  const cramped = () => over(kiosk) || over(band) || (work !== null && work.clientHeight < needed);
  kiosk.dataset.tight = 0;
  for (let step = 1; step <= steps && cramped(); step += 1) kiosk.dataset.tight = step;
}
