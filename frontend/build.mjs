// Builds what the product serves: static/css/app.css, static/img/icons.svg and the axe-core copy of the browser tests.
import { copyFileSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { gzipSync } from "node:zlib";

import { transform } from "lightningcss";
import postcss from "postcss";

import { iconSprite } from "./icons.mjs";
import { CHANGES, kernCss, withoutUnusedProperties } from "./kern.mjs";

const CHANGED_ON = "2026-11-22";
const BANNER = `/*!
 * Style sheet of WIR BRAUCHEN SIE, EUPL-1.2 (LICENSES/EUPL-1.2.txt).
 * Contains KERN 2.7.2 (@kern-ux/native), EUPL-1.2, source: https://gitlab.opencode.de/kern-ux/kern-ux-plain
 * KERN was changed on ${CHANGED_ON}: ${CHANGES.join("; ")}.
 * Readable source of this file: frontend/ in the repository of this product.
 */
`;

// The dark values are written once and serve both the system setting and the attribute.
function darkCss(source) {
  const declarations = source.replace(/^[^{]*\{|\}\s*$/g, "");
  return (
    `@media (prefers-color-scheme: dark) { :root:not([data-kern-theme="light"]) {${declarations}} }` +
    `[data-kern-theme="dark"] {${declarations}}`
  );
}

// The cards are written once, for a phone; tables with many columns keep them on a tablet, those with most on a small desk.
function cardsCss(source) {
  const upTo = (name, width) => source.replaceAll(".table--cards", name).replaceAll("47.99rem", width);
  return source + upTo(".table--wide", "63.99rem") + upTo(".table--widest", "79.99rem");
}

function ownCss() {
  const names = readdirSync("css").filter((name) => name.endsWith(".css")).sort();
  return names
    .map((name) => {
      const source = readFileSync(`css/${name}`, "utf8");
      if (name.includes("dark")) return darkCss(source.replace(/\/\*.*?\*\//gs, ""));
      return name.includes("table-cards") ? cardsCss(source) : source;
    })
    .join("\n");
}

const root = postcss.parse(`${kernCss()}\n${ownCss()}`);
withoutUnusedProperties(root);
const { code } = transform({
  filename: "app.css",
  code: Buffer.from(root.toString()),
  minify: true,
  targets: { chrome: 111 << 16, firefox: 113 << 16, safari: (16 << 16) | (4 << 8) },
});
const css = BANNER + code.toString() + "\n";

for (const folder of ["css", "img"]) mkdirSync(`../static/${folder}`, { recursive: true });
mkdirSync("../tests/vendor", { recursive: true });
writeFileSync("../static/css/app.css", css);
writeFileSync("../static/img/icons.svg", iconSprite());
copyFileSync("node_modules/axe-core/axe.min.js", "../tests/vendor/axe.min.js");
process.stdout.write(`app.css ${css.length} bytes, ${gzipSync(css, { level: 9 }).length} compressed\n`);
