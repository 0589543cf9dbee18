/* Makes every text of the page longer by the given share, as another language may: with words of its own, repeated. */
(share) => {
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const texts = [];
  while (walker.nextNode()) texts.push(walker.currentNode);
  for (const node of texts) {
    const text = node.data.trim();
    if (!/\p{L}{2}/u.test(text) || node.parentElement.closest("script, style, svg, textarea, [translate=no]")) continue;
    const more = Math.ceil(text.length * share);
    const words = `${text} `.repeat(1 + Math.ceil(share)).slice(0, more).trim();
    node.data = node.data.replace(text, () => `${text} ${words}`);
  }
}
