// Rows of a list can be dragged; the order of their fields is the order that is saved. Buttons do the same without it.
(() => {
  "use strict";
  let held = null;
  const rows = (list) => [...list.children];
  const grab = (root) => root.querySelectorAll("[data-reorder] > li:has(input)").forEach((row) => { row.draggable = true; });
  const on = (name, act) => document.addEventListener(name, act);
  on("dragstart", (event) => {
    const row = event.target.closest?.("[data-reorder] > li");
    if (!row) return;
    held = row;
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", "");
  });
  on("dragover", (event) => {
    const row = event.target.closest?.("[data-reorder] > li");
    if (!held || !row || row.parentNode !== held.parentNode) return;
    event.preventDefault();
    if (row === held) return;
    const all = rows(row.parentNode);
    row[all.indexOf(held) < all.indexOf(row) ? "after" : "before"](held);
  });
  on("drop", (event) => { if (held) event.preventDefault(); });
  on("dragend", () => {
    held?.dispatchEvent(new Event("input", { bubbles: true }));
    held = null;
  });
  on("DOMContentLoaded", () => grab(document));
  on("htmx:load", ({ detail }) => grab(detail.elt.parentNode ?? document));
})();
