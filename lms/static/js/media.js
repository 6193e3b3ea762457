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
      begin();
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

  // How long the chosen video or recording is, as the browser knows it.
  const measure = () => {
    const seconds = document.getElementById("id_seconds"), chosen = document.getElementById("id_src")?.value;
    const url = chosen && JSON.parse(document.getElementById("urls").textContent)[chosen];
    if (!seconds || !url) return;
    const player = Object.assign(document.createElement("video"), { preload: "metadata", src: url });
    player.addEventListener("loadedmetadata", () => { if (isFinite(player.duration)) seconds.value = Math.max(1, Math.round(player.duration)); });
  };
  document.addEventListener("change", ({ target }) => { if (target.id === "id_src") measure(); });
  const begin = () => { if (document.getElementById("id_seconds")?.value === "") measure(); };
  document.addEventListener("DOMContentLoaded", begin);

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
