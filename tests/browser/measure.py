"""What a browser says of a page that is drawn: sizes, contrasts, overflow. Each is JavaScript to evaluate."""

CONTRAST = """selector => {
  const channel = c => (c /= 255) <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
  const parts = color => color.match(/[\\d.]+/g).map(Number);
  const light = color => { const [r, g, b] = parts(color).map(channel); return 0.2126 * r + 0.7152 * g + 0.0722 * b; };
  const element = document.querySelector(selector);
  let below = element;
  while (parts(getComputedStyle(below).backgroundColor)[3] === 0) below = below.parentElement ?? document.body;
  const [a, b] = [getComputedStyle(element).color, getComputedStyle(below).backgroundColor].map(light);
  return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
}"""
"""The WCAG contrast of an element's text against what is behind it (opaque colours)."""

FONT_SIZES = """() => {
  const sizes = [];
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    const element = walk.currentNode.parentElement;
    if (!walk.currentNode.data.trim() || !element.checkVisibility({ visibilityProperty: true })) continue;
    sizes.push([walk.currentNode.data, element.className, parseFloat(getComputedStyle(element).fontSize)]);
  }
  return sizes;
}"""
"""Every visible text with its class and its font size."""

CUT_OFF = """() => {
  const found = [];
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const range = document.createRange();
  while (walk.nextNode()) {
    const node = walk.currentNode;
    const element = node.parentElement;
    if (!node.data.trim() || !element.checkVisibility({ visibilityProperty: true })) continue;
    if (element.closest("noscript, .picture[data-state=here]")) continue;
    range.selectNodeContents(node);
    const reach = 0.2 * parseFloat(getComputedStyle(element).fontSize); // a line box is taller than its letters
    for (const rect of range.getClientRects()) {
      for (let frame = element; frame !== null; frame = frame.parentElement) {
        if (frame !== document.documentElement && getComputedStyle(frame).overflowY === "visible") continue;
        const edge = frame === document.documentElement
          ? { left: 0, top: 0, right: innerWidth, bottom: innerHeight } : frame.getBoundingClientRect();
        const over = Math.max(edge.left - rect.left, rect.right - edge.right);
        const under = Math.max(edge.top - rect.top, rect.bottom - edge.bottom);
        if (over > 1 || under > reach) found.push([node.data, element.className, frame.className ?? "", over, under]);
      }
    }
  }
  return found;
}"""
"""Every visible text that something cuts, with what cuts it."""

OVERLAPS = """() => {
  const parts = "h1, .why, .shape:not([data-shape=wait]), .title > *, .line, .note, .weight, .action, .corner > *";
  const seen = [...document.querySelectorAll(parts)]
    .filter(e => e.checkVisibility({ visibilityProperty: true }) && e.getClientRects().length)
    .map(e => [e.className.baseVal ?? e.className, e.textContent.slice(0, 20), e.getBoundingClientRect()]);
  const found = [];
  seen.forEach(([nameA, textA, a], i) => seen.slice(i + 1).forEach(([nameB, textB, b]) => {
    const width = Math.min(a.right, b.right) - Math.max(a.left, b.left);
    const height = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
    if (width > 1 && height > 1) found.push([nameA, textA, nameB, textB]);
  }));
  return found;
}"""
"""Pairs of things that lie over one another. The turning mark is left out: its box turns with it."""

TARGETS = """() => [...document.querySelectorAll("button")]
  .filter(e => e.checkVisibility({ visibilityProperty: true }))
  .map(e => [e.className + " " + e.textContent.trim().slice(0, 20), e.getBoundingClientRect()])
  .map(([name, box]) => [name, box.left, box.top, box.right, box.bottom])"""
"""Everything that can be touched: name, left, top, right, bottom."""
