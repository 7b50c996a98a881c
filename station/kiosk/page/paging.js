// Which lines to show when more are there than fit: always what remains, page after page.

const remains = (line) => line.mark === "todo" || line.mark === "touched";

export const remaining = (lines) => lines.filter(remains);

export function pageCount(lines, room) {
  if (lines.length <= room) return 1;
  return Math.max(1, Math.ceil(remaining(lines).length / Math.max(1, room)));
}

// The lines of one page; what is over from the last page is filled with lines that are done.
export function pageOf(lines, room, page) {
  if (lines.length <= room) return lines;
  const open = remaining(lines);
  const rest = lines.filter((line) => !remains(line));
  return [...open, ...rest].slice(page * room, (page + 1) * room);
}

// The page on which the line of the last scan stands, or -1.
export function pageOfTouched(lines, room) {
  const at = remaining(lines).findIndex((line) => line.mark === "touched");
  return at < 0 ? -1 : Math.floor(at / Math.max(1, room));
}
