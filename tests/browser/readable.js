// What a page must have for everybody: names, labels, headings, contrast. Returns what is wrong.
() => {
  const wrong = [];
  const luminance = (colour) => {
    const parts = colour.match(/[\d.]+/g).slice(0, 3).map((part) => part / 255)
      .map((part) => (part <= 0.03928 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2];
  };
  const behind = (element) => {
    for (let at = element; at; at = at.parentElement) {
      const colour = getComputedStyle(at).backgroundColor;
      if (!/, 0\)$/.test(colour) && colour !== "transparent") return colour;
    }
    return getComputedStyle(document.documentElement).backgroundColor;
  };
  if (document.querySelectorAll("h1").length !== 1) wrong.push("not one h1");
  let level = 1;
  for (const heading of document.querySelectorAll("h1, h2, h3")) {
    const now = Number(heading.tagName[1]);
    if (now > level + 1) wrong.push(`heading ${heading.textContent} skips a level`);
    level = now;
  }
  for (const field of document.querySelectorAll("input:not([type=hidden]), select, textarea"))
    if (!field.labels?.length && !field.ariaLabel) wrong.push(`no label: ${field.name}`);
  for (const button of document.querySelectorAll("a, button"))
    if (!button.textContent.trim() && !button.ariaLabel) wrong.push(`no name: ${button.outerHTML}`);
  for (const image of document.images) if (!image.hasAttribute("alt")) wrong.push(`no alt: ${image.src}`);
  const ids = [...document.querySelectorAll("[id]")].map((one) => one.id);
  for (const id of new Set(ids)) if (ids.filter((one) => one === id).length > 1) wrong.push(`id twice: ${id}`);
  // A chart is one picture to those who hear it; its numbers are in a table of their own.
  for (const table of document.querySelectorAll("table:not([role=img] table)"))
    if (!table.querySelector("thead th[scope=col]") || !table.querySelector("tbody th[scope=row]"))
      wrong.push("table without headings");
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const element = walker.currentNode.parentElement;
    if (!walker.currentNode.textContent.trim() || !element.checkVisibility({ visibilityProperty: true })) continue;
    const [one, two] = [luminance(getComputedStyle(element).color), luminance(behind(element))].sort((a, b) => b - a);
    const ratio = (one + 0.05) / (two + 0.05);
    if (ratio < 4.5) wrong.push(`contrast ${ratio.toFixed(1)}: ${walker.currentNode.textContent.trim()}`);
  }
  if (document.documentElement.scrollWidth > innerWidth) wrong.push("wider than the screen");
  return wrong;
}
