// Comfort for those who upload: everything works without this file.
(() => {
  "use strict";
  // How far an upload is. The answer is the whole page, which takes the place of this one.
  document.addEventListener("submit", (event) => {
    const form = event.target.closest("form[data-upload]:not([hx-post])");
    const bar = form?.querySelector("progress");
    if (!bar || !form.querySelector("[type=file]").files.length) return;
    event.preventDefault();
    const request = new XMLHttpRequest();
    const plainly = () => { bar.hidden = true; form.submit(); };
    request.upload.addEventListener("progress", ({ loaded, total }) => { bar.value = 100 * loaded / total; });
    request.addEventListener("load", () => {
      const page = new DOMParser().parseFromString(request.responseText, "text/html");
      const main = page.getElementById("main");
      if (!main) return plainly();
      document.getElementById("main").replaceWith(main);
      document.getElementById("messages").replaceWith(page.getElementById("messages"));
      window.htmx.process(main);
      (main.querySelector("[data-focus]") ?? main).focus();
      if (request.status < 400) history.replaceState(null, "", request.responseURL);
    });
    request.addEventListener("error", plainly);
    bar.hidden = false;
    request.open("POST", form.action);
    request.send(new FormData(form));
  });

  // Inside a form that htmx sends, the same bar.
  document.addEventListener("htmx:xhr:progress", ({ target, detail }) => {
    const bar = target.querySelector?.("progress");
    if (bar && detail.lengthComputable && target.querySelector("[type=file]").files.length) { bar.hidden = false; bar.value = 100 * detail.loaded / detail.total; }
  });

  // The choice of a figure, above the text it is for.
  const picker = () => document.getElementById("picker");
  document.addEventListener("htmx:afterSwap", ({ detail }) => {
    if (detail.target !== picker()) return;
    const made = picker().querySelector("[data-figure]");
    if (!made) return picker().open || picker().showModal();
    picker().close();
    document.dispatchEvent(new CustomEvent("figure", { detail: made.textContent }));
    picker().replaceChildren();
  });
  document.addEventListener("click", ({ target }) => { if (target.closest("#picker [data-close]")) picker().close(); });
})();
