// What pages gain with JavaScript: position, type-ahead, sharing, and the map, loaded only where it is seen.
"use strict";

const one = (selector, root = document) => root.querySelector(selector);
const all = (selector, root = document) => [...root.querySelectorAll(selector)];

// A search goes on at once from where somebody is; the form of several places has its field filled in.
const search = (form, lat, lon) => {
  const query = new URLSearchParams(new FormData(form));
  query.delete("q");
  query.set("lat", lat);
  query.set("lon", lon);
  window.location.assign(`${form.action}?${query}`);
};
for (const here of navigator.geolocation && window.isSecureContext ? all("[data-locate-for]") : []) {
  const form = here.closest("form");
  const input = document.getElementById(here.dataset.locateFor);
  const status = one("[data-locate-status]", form);
  here.parentElement.hidden = false;
  here.addEventListener("click", () => {
    status.textContent = here.dataset.locating;
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        // Three decimals are about 100 metres: nobody needs to know more.
        const [lat, lon] = [coords.latitude.toFixed(3), coords.longitude.toFixed(3)];
        if (input.name === "q") { search(form, lat, lon); return; }
        input.value = `${lat}, ${lon}`;
        status.textContent = "";
        if (input.name === "near") form.requestSubmit();
      },
      () => { status.textContent = here.dataset.denied; },
      { maximumAge: 300000, timeout: 10000 },
    );
  });
}

for (const input of all("[data-suggest]")) {
  let asked = "";
  input.addEventListener("input", () => {
    const words = input.value.trim();
    window.setTimeout(async () => {
      if (words.length < 2 || /^\d+\s+\D/.test(words) || words !== input.value.trim() || words === asked) return;
      asked = words;
      const answer = await fetch(`${input.dataset.suggest}?${new URLSearchParams({ q: words })}`).catch(() => null);
      if (!answer || !answer.ok) return;
      const options = await answer.json();
      // A browser hides options that do not hold what was typed; "W. Va." is shown beside "West Virginia".
      const label = (text) => text.toLowerCase().includes(words.toLowerCase()) ? "" : `${words}: ${text}`;
      input.list.replaceChildren(...options.map((text) => Object.assign(document.createElement("option"), { value: text, label: label(text) })));
    }, 150);
  });
}

async function copy(button, address) {
  await navigator.clipboard.writeText(address);
  const before = button.firstChild.textContent;
  button.firstChild.textContent = button.dataset.copied;
  window.setTimeout(() => { button.firstChild.textContent = before; }, 2000);
}
window.offerCopies = () => {
  for (const button of all("[data-share][hidden], [data-copy][hidden]")) {
    if (!navigator.clipboard && !navigator.share) continue;
    button.hidden = false;
    const address = button.dataset.share || button.dataset.copy;
    button.addEventListener("click", () => {
      if (button.dataset.share && navigator.share) navigator.share({ url: address }).catch(() => {});
      else copy(button, address);
    });
  }
};
window.offerCopies();
const said = (button) => document.getElementById(button.dataset.copyFrom || button.dataset.shareFrom).value;
for (const button of all("[data-copy-from]")) {
  button.hidden = !navigator.clipboard;
  button.addEventListener("click", () => copy(button, said(button)));
}
for (const button of all("[data-share-from]")) {
  button.hidden = !navigator.share;
  button.addEventListener("click", () => navigator.share({ text: said(button) }).catch(() => {}));
}
for (const message of all("[data-message]")) {
  // The length was counted for the text as it came.
  message.addEventListener("input", () => { one("[data-message-length]").hidden = true; });
}
for (const link of all("[data-count]")) {
  link.addEventListener("click", () => navigator.sendBeacon?.(link.dataset.count));
}
for (const button of all("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}
for (const form of all("[data-filters]")) {
  form.addEventListener("formdata", ({ formData }) => {
    // Empty fields only make long addresses.
    for (const [name, value] of [...formData]) if (!value) formData.delete(name);
  });
}
one("[data-focus]")?.focus();

// What unfolds over the page closes by a click beside it, and by Escape.
const folds = all("details.chip, details.change, details.menu");
document.addEventListener("click", ({ target }) => {
  for (const fold of folds) if (!fold.contains(target)) fold.open = false;
});
document.addEventListener("keydown", ({ key }) => {
  const fold = key === "Escape" && folds.find((each) => each.open);
  if (!fold) return;
  fold.open = false;
  one("summary", fold).focus();
});

const load = (address) => new Promise((resolve, reject) => {
  const style = address.endsWith(".css");
  const element = document.createElement(style ? "link" : "script");
  // Scripts come all at once, and run in order.
  if (style) { element.rel = "stylesheet"; element.href = address; } else { element.src = address; element.async = false; }
  element.addEventListener("load", resolve);
  element.addEventListener("error", reject);
  document.head.append(element);
});
// The picture stands where the map will: a style hides it while there is a map.
function makeRoom(panel, live) {
  panel.toggleAttribute("data-live", live);
  one(".map", panel).hidden = !live;
}
async function showMap(panel) {
  if (panel.dataset.started) return;
  panel.dataset.started = "yes";
  makeRoom(panel, true);
  try {
    await Promise.all([panel.dataset.styles, ...panel.dataset.scripts.split(" ")].map(load));
  } catch {
    one("[data-map-status]", panel).textContent = panel.dataset.textFailed;
    makeRoom(panel, false);
  }
}
for (const panel of all("[data-map]")) {
  const wide = window.matchMedia("(min-width: 960px)").matches;
  if ("collapsed" in panel.dataset && !wide) {
    const toggle = one(".map-toggle", panel);
    toggle.hidden = false;
    one("[data-map-show]", panel).addEventListener("click", () => { toggle.hidden = true; showMap(panel); });
  } else {
    makeRoom(panel, true);
    new IntersectionObserver((entries, observer) => {
      if (entries.some((entry) => entry.isIntersecting)) { observer.disconnect(); showMap(panel); }
    }, { rootMargin: "100px" }).observe(panel);
  }
}

// The worker shows saved pages when the network fails (static/service-worker.js); a copy says when it was saved.
const worker = document.currentScript?.dataset.worker;
if (worker && navigator.serviceWorker) {
  // Some seconds later than the page, which it must not slow down.
  window.addEventListener("load", () => window.setTimeout(() => navigator.serviceWorker.register(worker).catch(() => {}), 3000));
  const isNewLanguage = new URLSearchParams(window.location.search).has("lang");
  if (isNewLanguage) navigator.serviceWorker.controller?.postMessage({});
}
const savedAt = new Date(document.body.dataset.saved || "");
for (const day of all("[data-saved-day]")) {
  if (!Number.isNaN(savedAt.getTime())) day.textContent = savedAt.toLocaleDateString(document.documentElement.lang, { dateStyle: "long" });
}
