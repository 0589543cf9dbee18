// Collects the icons the templates may use into one sprite; name in our vocabulary: name of the drawing in Lucide.
import { readFileSync } from "node:fs";

const DRAWINGS = {
  arrow: "arrow-right", bank: "landmark", book: "book-open", bus: "bus", calendar: "calendar-days", card: "credit-card",
  chart: "chart-column", check: "check", "check-circle": "circle-check", chevron: "chevron-down", child: "baby", clock: "clock",
  close: "x", download: "download", edit: "pencil", error: "circle-x", euro: "euro", filter: "sliders-horizontal",
  globe: "globe", hands: "hand-helping", health: "heart-pulse", heart: "heart", home: "house", info: "info", link: "link",
  list: "list", lock: "lock", login: "log-in", logout: "log-out", mail: "mail", map: "map", menu: "menu", minus: "minus",
  palette: "palette", pause: "pause", people: "users", person: "user", phone: "phone", pin: "map-pin", play: "ferris-wheel",
  plus: "plus", print: "printer", search: "search", shield: "shield-check", speech: "message-circle", sport: "volleyball",
  star: "star", trash: "trash-2", warning: "triangle-alert",
};
const BANNER = "Lucide 1.62.0, ISC licence (LICENSES/ISC-Lucide.txt), changed: chosen drawings joined into one sprite";

export function iconSprite() {
  const symbols = Object.entries(DRAWINGS).map(([name, drawing]) => {
    const svg = readFileSync(`node_modules/lucide-static/icons/${drawing}.svg`, "utf8");
    const shapes = svg.replace(/<!--.*?-->/s, "").replace(/^.*?<svg[^>]*>|<\/svg>\s*$/gs, "").replace(/\s*\n\s*/g, "");
    return `<symbol id="${name}" viewBox="0 0 24 24">${shapes.replace(/ \/>/g, "/>")}</symbol>`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg"><!-- ${BANNER} -->\n${symbols.join("\n")}\n</svg>\n`;
}
