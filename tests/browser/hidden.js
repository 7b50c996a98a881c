// What a page says and a person does not see: no box, cut off, beside the window, or under something else.
(among) => {
  const wrong = [], root = document.querySelector(among);
  if (!root) return [`no ${among}`];
  const seen = (element, box, name) => {
    if (!element.checkVisibility({ visibilityProperty: true, opacityProperty: true })) return `${name}: not drawn`;
    if (box.width < 1 || box.height < 1) return `${name}: no size`;
    if (box.left < -0.5 || box.right > document.documentElement.clientWidth + 0.5) return `${name}: beside the window`;
    for (let at = element; at && at !== document.body; at = at.parentElement) {
      const style = getComputedStyle(at), edge = at.getBoundingClientRect();
      if (style.clipPath !== "none" || (style.clip !== "auto" && style.position === "absolute"))
        return `${name}: clipped by ${at.tagName}.${at.className}`;
      if (style.overflowX !== "visible" && (box.right > edge.right + 1 || box.left < edge.left - 1))
        return `${name}: cut off by ${at.tagName}.${at.className}`;
      if (style.overflowY !== "visible" && (box.bottom > edge.bottom + 1 || box.top < edge.top - 1))
        return `${name}: cut off by ${at.tagName}.${at.className}`;
    }
    const top = document.elementFromPoint(box.left + box.width / 2, box.top + box.height / 2);
    if (!top || !(element.contains(top) || (root.contains(top) && top.contains(element))))
      return `${name}: under ${top?.tagName}.${top?.className}`;
    return "";
  };
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  let looked = 0;
  const offline = ".live-mark"; // shown while the page cannot follow
  const look = (element, box, name) => {
    looked += 1;
    const why = seen(element, box, name.trim().slice(0, 60));
    if (why) wrong.push(why);
  };
  while (walker.nextNode()) {
    const text = walker.currentNode;
    if (!text.textContent.trim() || text.parentElement.closest(offline)) continue;
    text.parentElement.scrollIntoView({ block: "center", behavior: "instant" });
    const range = document.createRange();
    range.selectNodeContents(text);
    look(text.parentElement, range.getClientRects()[0] ?? new DOMRect(), text.textContent);
  }
  for (const field of root.querySelectorAll("input:not([type=hidden]), button, svg")) {
    if (field.closest(offline)) continue;
    field.scrollIntoView({ block: "center", behavior: "instant" });
    look(field, field.getBoundingClientRect(), field.name || field.outerHTML);
  }
  if (!looked) wrong.push("nothing is there");
  return wrong;
}
