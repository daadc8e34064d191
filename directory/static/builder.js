// The builder shows each choice at once: the server makes the codes, this only fetches them again.
"use strict";

for (const form of document.querySelectorAll("[data-builder]")) {
  form.querySelector("[data-apply]").hidden = true;
  let timer;
  let newest = 0;
  const renew = async () => {
    const number = ++newest;
    const address = `${form.action.split("?")[0]}?${new URLSearchParams(new FormData(form))}`;
    const answer = await fetch(address).catch(() => null);
    if (!answer?.ok || number !== newest) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    for (const name of ["what-note", "towns-note", "color-note", "height-note"]) {
      document.getElementById(name).textContent = page.getElementById(name).textContent;
    }
    document.querySelector("[data-result]").replaceWith(document.adoptNode(page.querySelector("[data-result]")));
    window.offerCopies();
    window.history.replaceState(null, "", address);
  };
  form.addEventListener("input", () => { window.clearTimeout(timer); timer = window.setTimeout(renew, 250); });
  form.addEventListener("submit", (event) => { event.preventDefault(); renew(); });
}
