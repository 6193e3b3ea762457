// Comfort for authors: every act of the editor works without this file.
(() => {
  "use strict";
  const on = (name, act) => document.addEventListener(name, act);

  // Markdown at the cursor, in a way that the browser's own undo understands.
  const write = (field, text, from = field.selectionStart, to = field.selectionEnd) => {
    field.focus();
    field.setSelectionRange(from, to);
    if (!document.execCommand("insertText", false, text)) field.setRangeText(text, from, to, "end");
    field.dispatchEvent(new Event("input", { bubbles: true }));
  };
  const around = (field, { around: open, close = open, words, end }) => {
    const chosen = field.value.slice(field.selectionStart, field.selectionEnd) || words;
    const start = field.selectionStart + open.length;
    write(field, open + chosen + close);
    if (end && !field.value.includes(end)) write(field, `\n\n${end}\n`, field.value.length, field.value.length);
    field.setSelectionRange(start, start + chosen.length);
  };
  const block = (field, text) => {
    const before = field.value.slice(0, field.selectionStart).trimEnd();
    const gap = before ? "\n\n" : "";
    write(field, `${gap}${text}\n\n`, before.length, field.selectionEnd);
  };
  on("click", ({ target }) => {
    const tool = target.closest(".md-tools button");
    if (tool) {
      const field = document.getElementById(tool.closest(".md-tools").getAttribute("aria-controls"));
      if (tool.dataset.block) block(field, tool.dataset.block); else around(field, tool.dataset);
    }
    const line = target.closest("[data-line] button");
    if (line) goTo(Number(line.parentNode.dataset.line));
  });

  // What another part of the page has made for the text.
  on("figure", ({ detail }) => block(document.getElementById("id_body"), detail));

  // The number of a line becomes a button that leads there.
  const goTo = (number) => {
    const field = document.getElementById("id_body");
    const lines = field.value.split("\n");
    const start = lines.slice(0, number - 1).join("\n").length + (number > 1 ? 1 : 0);
    field.focus();
    field.setSelectionRange(start, start + (lines[number - 1] ?? "").length);
    field.scrollTop = field.scrollHeight * (number - 3) / lines.length;
  };
  const lead = () => document.querySelectorAll("[data-line]:not(:has(button))").forEach((place) => {
    const button = Object.assign(document.createElement("button"), { type: "button", textContent: place.textContent });
    button.dataset.variant = "quiet";
    place.replaceChildren(button);
  });

  // Leaving asks while something typed is not saved yet.
  let dirty = false;
  on("input", ({ target }) => { if (target.closest("form[data-autosave]")) dirty = true; });
  on("submit", () => { dirty = false; });
  on("saved", () => { dirty = false; });
  addEventListener("beforeunload", (event) => { if (dirty) event.preventDefault(); });

  // A lesson that was dragged tells the server where it is now.
  on("input", ({ target }) => {
    if (!target.matches("[data-reorder] > li")) return;
    const place = [...target.parentNode.children].indexOf(target) + 1;
    const form = target.querySelector("form.mover");
    window.htmx.ajax("POST", form.action, { target: "#lessons", swap: "outerHTML", values: { place } });
  });

  // Words marked in the text of a place become the passage that is spoken of, until somebody types one.
  on("selectionchange", () => {
    const [chosen, field] = [getSelection(), document.getElementById("id_quote")];
    if (!field || !chosen.anchorNode?.parentElement.closest("[data-quotable]")) return;
    const words = chosen.toString().trim().slice(0, 1000);
    if (words && field.value === (field.dataset.marked ?? "")) field.value = field.dataset.marked = words;
  });

  on("DOMContentLoaded", () => {
    document.querySelectorAll(".md-tools").forEach((bar) => { bar.hidden = false; });
    lead();
    if (document.querySelector("[data-print]")) window.print();
  });
  on("htmx:load", lead);
  on("htmx:oobAfterSwap", lead);
})();
