// Compiles the chosen parts of KERN and adapts them; every change is named in CHANGES, which goes into the banner.
import postcss from "postcss";
import { compile, Logger } from "sass";

export const CHANGES = [
  "only tokens, global, alert, badge, button, check, checkbox, radio, fieldset, input, select, description-list and label are built",
  "fallback values of custom properties and unused custom properties removed",
  "contextual tokens of the layers replaced by the tokens they stand for",
  "physical directions (left, right) replaced by logical ones, so that one file serves both writing directions",
  "the light theme is the default, the dark one follows the system unless data-kern-theme says otherwise",
  "colours, sizes, radius and borders set anew by the own style sheets that follow",
];

const CONTEXTUAL = [
  [/--kern-color-layout-layer-surface-contextual/g, "--kern-color-layout-background-default-surface"],
  [/--kern-color-decorative-(brand|border)-contextual/g, "--kern-color-decorative-$1-default"],
  [/-contextual\b/g, ""],
];
const UNUSED = /\.kern-(icon|sr-only|number|dialog|title)|--x-small|--width-|--horizontal|\[type="?file/;
const DIRECTIONS = { left: "inline-start", right: "inline-end" };

function withoutUnusedRules(root) {
  root.walkRules((rule) => {
    const kept = rule.selectors.filter((selector) => !UNUSED.test(selector));
    if (kept.length) rule.selectors = kept;
    else rule.remove();
  });
}

function withoutFallbacks(value) {
  const start = value.indexOf("var(");
  if (start < 0) return value;
  let depth = 0;
  let comma = -1;
  let end = start + 3;
  for (; end < value.length; end++) {
    if (value[end] === "(") depth++;
    if (value[end] === ")" && --depth === 0) break;
    if (value[end] === "," && depth === 1 && comma < 0) comma = end;
  }
  const name = value.slice(start, comma < 0 ? end : comma);
  return value.slice(0, start) + name + ")" + withoutFallbacks(value.slice(end + 1));
}

function logicalDirections(declaration) {
  const { prop, value } = declaration;
  const side = /^(?:(padding|margin|border)-)?(left|right)(-\w+)?$/.exec(prop);
  if (side) {
    declaration.prop = `${side[1] ?? "inset"}-${DIRECTIONS[side[2]]}${side[3] ?? ""}`;
  }
  if (prop === "text-align" || prop === "float" || prop === "clear") {
    const ends = prop === "text-align" ? ["start", "end"] : ["inline-start", "inline-end"];
    declaration.value = value.replace(/^left$/, ends[0]).replace(/^right$/, ends[1]);
  }
  const sides = /^(padding|margin)$/.test(prop) ? postcss.list.space(value) : [];
  if (sides.length === 4 && sides[1] !== sides[3]) {
    const important = declaration.important;
    declaration.cloneBefore({ prop: `${prop}-block`, value: `${sides[0]} ${sides[2]}`, important });
    declaration.replaceWith(declaration.clone({ prop: `${prop}-inline`, value: `${sides[3]} ${sides[1]}` }));
  }
}

// All theme rules get the weight of :where(), so that the own tokens that follow win whatever their selector.
function themes(root) {
  const dark = [];
  root.walkAtRules("media", (media) => {
    if (/scheme: light/.test(media.params)) {
      media.walkRules((rule) => (rule.selector = ":where(:root)"));
      media.replaceWith(media.nodes);
    } else if (/scheme: dark/.test(media.params)) {
      media.walkRules((rule) => (rule.selector = ":where(:root:not([data-kern-theme=light]))"));
      dark.push(media.remove());
    }
  });
  root.walkRules(/\.kern-(light|dark)$/m, (rule) => {
    if (rule.selectors.includes(".kern-light")) rule.remove();
    else rule.selector = ":where([data-kern-theme=dark])";
  });
  root.append(dark);
}

export function withoutUnusedProperties(root) {
  for (let removed = 1; removed > 0; ) {
    removed = 0;
    const used = new Set();
    root.walkDecls(({ value }) => {
      for (const [name] of value.matchAll(/--[\w-]+/g)) used.add(name);
    });
    root.walkDecls(/^--/, (declaration) => {
      if (used.has(declaration.prop)) return;
      declaration.remove();
      removed++;
    });
  }
  root.walkRules((rule) => rule.nodes.length || rule.remove());
}

export function kernCss() {
  const { css } = compile("kern.scss", { loadPaths: ["node_modules"], logger: Logger.silent });
  const root = postcss.parse(css);
  root.walkComments((comment) => comment.remove());
  withoutUnusedRules(root);
  themes(root);
  root.walkDecls((declaration) => {
    declaration.value = withoutFallbacks(declaration.value);
    for (const [pattern, name] of CONTEXTUAL) declaration.value = declaration.value.replace(pattern, name);
    logicalDirections(declaration);
  });
  return root.toString();
}
