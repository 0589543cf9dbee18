/* What can be measured on a page: too wide, too small to hit, too small to read, broken inside a word. Returns lists
   of complaints. */
() => {
  const TARGET = 44, TEXT = 18, META = 16;
  const name = (element) => {
    const text = (element.innerText || element.getAttribute("aria-label") || element.name || "").trim();
    const kind = element.tagName.toLowerCase() + (element.classList.length ? "." + [...element.classList].join(".") : "");
    return `${kind} “${text.slice(0, 40)}”`;
  };
  const isSeen = (element) =>
    element.checkVisibility({ visibilityProperty: true }) && !element.closest(".visually-hidden, .skip-link");

  /* The area that reacts: a label belongs to its box, and a link may cover its whole card. */
  const area = (element) => {
    if (["checkbox", "radio"].includes(element.type) && element.labels.length) {
      return element.labels[0].getBoundingClientRect();
    }
    const cover = getComputedStyle(element, "::after");
    const isCovering = cover.position === "absolute" && cover.content !== "none" && element.offsetParent;
    return (isCovering ? element.offsetParent : element).getBoundingClientRect();
  };
  const isInText = (element) => element.tagName === "A" && getComputedStyle(element).display === "inline";

  const targets = [...document.querySelectorAll("a[href], button, input:not([type=hidden]), select, textarea, summary")]
    .filter((element) => isSeen(element) && !isInText(element))
    .filter((element) => {
      const { width, height } = area(element);
      return width < TARGET - 0.5 || height < TARGET - 0.5;
    })
    .map((element) => {
      const { width, height } = area(element);
      return `target ${width.toFixed(0)} × ${height.toFixed(0)}: ${name(element)}`;
    });

  const texts = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const element = walker.currentNode.parentElement;
    if (!walker.currentNode.data.trim() || element.closest("svg") || !isSeen(element)) continue;
    const size = parseFloat(getComputedStyle(element).fontSize);
    const least = element.matches("main p:not([class]), main p:not([class]) *, main li:not([class])") ? TEXT : META;
    if (size < least) texts.push(`text ${size} px, least ${least}: ${name(element)}`);
  }

  /* Not innerWidth: a phone zooms out until all of a page that is too wide is inside it. */
  const { scrollWidth, clientWidth } = document.documentElement;
  const overflow = scrollWidth > clientWidth ? [`${scrollWidth} px wide, seen ${clientWidth}`] : [];

  /* Where no hyphen may be set, a word that stands on two lines was broken anywhere. */
  const words = [];
  const inParts = ".kern-badge, .kern-btn, button, th, td, dt, label, legend, nav";
  for (const part of document.querySelectorAll(inParts)) {
    const pieces = document.createTreeWalker(part, NodeFilter.SHOW_TEXT);
    while (pieces.nextNode()) {
      const text = pieces.currentNode, element = text.parentElement;
      if (!isSeen(element) || element.closest("svg, .breaks-anywhere") || getComputedStyle(element).hyphens === "auto") continue;
      for (const word of text.data.matchAll(/[\p{L}\p{N}]{2,}/gu)) {
        const range = document.createRange();
        range.setStart(text, word.index);
        range.setEnd(text, word.index + word[0].length);
        const lines = new Set([...range.getClientRects()].filter((line) => line.width > 0).map((line) => Math.round(line.top)));
        if (lines.size > 1) words.push(`broken word ${word[0]}: ${name(element)}`);
      }
    }
  }
  return { overflow, targets, texts, words };
}
