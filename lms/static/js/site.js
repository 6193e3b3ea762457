// Comfort only: every act works without this file. No inline handlers, no styles, no third party.
(() => {
  "use strict";
  const $ = (selector, root = document) => root.querySelector(selector);
  const on = (name, act) => document.addEventListener(name, act);
  const status = $("#announce");
  const announce = (words) => { status.textContent = ""; setTimeout(() => { status.textContent = words; }, 50); };
  const fail = (words) => {
    const notice = Object.assign(document.createElement("p"), { className: "notice toast", textContent: words });
    notice.dataset.kind = "danger";
    notice.setAttribute("role", "alert");
    $("#messages").append(notice);
    fade(notice, 10000);
  };
  const token = () => decodeURIComponent(document.cookie.match(/(?:^|; )csrftoken=([^;]+)/)?.[1] ?? "");

  // What a fresh part of the page asks for: a word for screen readers, the tab's title, focus, a toast that leaves.
  const settle = (root) => {
    const each = (name, act) => {
      const found = [...root.querySelectorAll(`[${name}]`)];
      if (root.matches?.(`[${name}]`)) found.push(root);
      found.forEach((part) => act(part, part.getAttribute(name)));
    };
    each("data-copy", (button) => { button.hidden = false; });
    each("data-focus", (part) => part.focus());
    each("data-toast", (toast, seconds) => fade(toast, (Number(seconds) || 10) * 1000));
  };
  // Undo stays reachable elsewhere, so a toast may leave, but never while somebody is in it.
  const fade = (toast, after) => setTimeout(() => {
    if (toast.matches(":hover, :focus-within")) fade(toast, 3000); else toast.remove();
  }, after);

  on("click", (event) => {
    const copy = event.target.closest("[data-copy]");
    if (copy) {
      const field = document.getElementById(copy.dataset.copy);
      field.select();
      navigator.clipboard?.writeText(field.value).then(() => announce(status.dataset.copied));
    }
  });

  // Words marked in a lesson go along to where one speaks of them, with the part of the page that they stand in.
  const quote = (event) => {
    const link = event.target.closest?.("a[data-quoting]");
    const chosen = getSelection();
    const words = link && chosen.toString().trim().slice(0, 600);
    const place = words && chosen.anchorNode.parentElement?.closest("main");
    if (!place) return;
    const url = new URL(link.href);
    url.searchParams.set("quote", words);
    if (chosen.anchorNode.parentElement.closest(".country")) url.searchParams.set("part", "layer");
    link.href = url;
  };
  on("pointerdown", quote); // a click with the mouse unmarks them
  on("click", quote);

  // The theme changes at once; the server remembers it.
  on("submit", (event) => {
    const form = event.target;
    changed.delete(form);
    if (event.submitter?.name !== "theme") return;
    event.preventDefault();
    const data = new FormData(form, event.submitter);
    const theme = data.get("theme");
    if (theme === "system") delete document.documentElement.dataset.theme; else document.documentElement.dataset.theme = theme;
    document.querySelectorAll("[name=theme]").forEach((b) => b.setAttribute("aria-pressed", b.value === theme));
    fetch(event.submitter.formAction, { method: "POST", body: data, redirect: "manual" });
  });

  // Text that was typed and not sent: leaving asks.
  const changed = new Set();
  on("input", (event) => { const form = event.target.closest("form[data-unsaved]"); if (form) changed.add(form); });
  addEventListener("beforeunload", (event) => { if ([...changed].some((form) => form.isConnected)) event.preventDefault(); });

  // htmx: the token of now (it changes at login), words for failures, focus that is not lost in a swap.
  on("htmx:configRequest", ({ detail }) => {
    if (detail.verb === "get" || !token()) return;
    detail.headers["X-CSRFToken"] = token();
    if (detail.parameters.csrfmiddlewaretoken) detail.parameters.csrfmiddlewaretoken = token();
  });
  on("htmx:responseError", () => fail(status.dataset.failed));
  on("htmx:sendError", () => fail(status.dataset.offline));
  on("htmx:load", ({ detail }) => {
    const part = detail.elt;
    if (part === document.body) return;
    settle(part);
    const say = part.dataset?.announce;
    if (say && say !== status.dataset.last) { status.dataset.last = say; announce(say); }
    if (part.dataset?.title) document.title = part.dataset.title;
  });
  let held = "";
  on("htmx:beforeSwap", () => { held = document.activeElement?.id ?? ""; });
  on("htmx:afterSettle", ({ detail }) => {
    if (document.activeElement !== document.body) return;
    const next = (held && document.getElementById(held)) || $("[data-after]", detail.elt) || detail.elt;
    if (!next.matches("a, button, input, select, textarea, summary")) next.tabIndex = -1;
    next.focus({ preventScroll: true });
  });
  on("DOMContentLoaded", () => settle(document.body));
})();
