"use strict";
// What htmx does not do where it exchanges a part of a page: see docs/decisions/0075.

// The page keeps its own address; htmx would keep it a second time, with the word looked for.
const forgetAddress = () => sessionStorage.removeItem("htmx-current-path-for-history");
forgetAddress();
document.addEventListener("htmx:pushedIntoHistory", forgetAddress);
document.addEventListener("htmx:replacedInHistory", forgetAddress);

// A word that is still being typed is one step back, not one for each pause; nor is the same address twice.
let isTyping = false;
document.addEventListener("htmx:beforeHistoryUpdate", ({ detail }) => {
  const event = detail.requestConfig.triggeringEvent;
  const wasTyping = isTyping;
  isTyping = event?.type === "input" && event.target.type === "search";
  const address = new URL(detail.history.path, location.href);
  const isSame = address.pathname + address.search === location.pathname + location.search;
  if (isSame || (wasTyping && isTyping)) detail.history.type = "replace";
});

// Enter, and then the pause after the last letter, ask for the same.
document.addEventListener("htmx:beforeRequest", (event) => {
  const { requestConfig, pathInfo } = event.detail;
  const isShown = new URL(pathInfo.finalRequestPath, location.href).href === location.href;
  if (requestConfig.triggeringEvent?.type === "input" && isShown) event.preventDefault();
});

// Where to go on: what the part says, the row that a link or form names, and never nowhere.
document.addEventListener("htmx:afterOnLoad", ({ detail }) => {
  const { elt } = detail.requestConfig;
  const back = elt.elements?.namedItem("back")?.value.split("#")[1];
  const wanted = elt.closest("[data-focus]")?.dataset.focus ?? detail.pathInfo.anchor ?? back;
  const place = wanted && document.getElementById(wanted);
  const isLost = document.activeElement === null || document.activeElement === document.body;
  if (place) place.focus();
  else if (isLost) document.querySelector("main").focus();
});

// An answer that is no page of ours, or none at all, changes nothing and is told.
const tell = (isMissing) => {
  const notice = document.getElementById("keine-antwort");
  if (notice) notice.hidden = !isMissing;
};
document.addEventListener("htmx:beforeSend", () => tell(false));
document.addEventListener("htmx:sendError", () => tell(true));
document.addEventListener("htmx:beforeSwap", ({ detail }) => {
  if (/<main[ >]/.test(detail.serverResponse)) return;
  detail.shouldSwap = false;
  tell(true);
});
