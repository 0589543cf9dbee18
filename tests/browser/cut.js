/* What of the page's text cannot be read: the page is wider than the screen, a box hides a part of its text, or a
   text sticks out of its box. Returns a list of complaints. */
() => {
  const name = (element) => `${element.tagName.toLowerCase()}.${[...element.classList].join(".")} “${element.textContent.trim().slice(0, 40)}”`;
  const isSeen = (element) =>
    element.checkVisibility({ visibilityProperty: true }) && !element.closest(".visually-hidden, .skip-link, svg");
  const found = new Set();

  /* Not innerWidth: a phone zooms out until all of a page that is too wide is inside it. */
  const { scrollWidth, clientWidth } = document.documentElement;
  if (scrollWidth > clientWidth) found.add(`page: ${scrollWidth} px wide, seen ${clientWidth}`);

  for (const element of document.body.querySelectorAll("*")) {
    if (!element.textContent.trim() || !isSeen(element)) continue;
    const style = getComputedStyle(element);
    const hides = (axis) => ["hidden", "clip"].includes(style[axis]);
    if (hides("overflowX") && element.scrollWidth > element.clientWidth + 1) found.add(`cut at the side: ${name(element)}`);
    if (hides("overflowY") && element.scrollHeight > element.clientHeight + 1) found.add(`cut below: ${name(element)}`);
  }

  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const text = walker.currentNode;
    if (!text.data.trim() || !isSeen(text.parentElement)) continue;
    let box = text.parentElement;
    while (getComputedStyle(box).display === "inline") box = box.parentElement;
    if (box.closest("select")) continue;
    const edge = box.getBoundingClientRect(), leeway = parseFloat(getComputedStyle(text.parentElement).fontSize) * 0.4;
    const range = document.createRange();
    range.selectNodeContents(text);
    for (const line of range.getClientRects()) {
      if (line.right > edge.right + 1 || line.left < edge.left - 1) found.add(`sticks out at the side: ${name(box)}`);
      if (line.bottom > edge.bottom + leeway) found.add(`sticks out below: ${name(box)}`);
    }
  }
  return [...found];
}
