// Inside the frame: tell the page around it how high the content is. WordPress shows pages of sites that it does not know in a
// sandbox without forms and new windows, and puts a secret into the address: there its messages do what links cannot.
"use strict";

if (window.parent !== window) {
  const secret = () => /[?&]secret=(\w+)/.exec(window.location.hash)?.[1];
  const height = () => Math.ceil(document.body.getBoundingClientRect().height);
  const say = (message, value) => window.parent.postMessage({ message, value, secret: secret() }, "*");
  const tell = () => {
    window.parent.postMessage({ safeZonesHeight: height() }, "*");
    if (secret()) say("height", height());
  };
  new ResizeObserver(tell).observe(document.body);
  window.addEventListener("load", tell);
  window.addEventListener("hashchange", tell);
  window.addEventListener("message", ({ source, data }) => { if (source === window.parent && data?.message === "ready") tell(); });

  // The page around follows links to our own site only: the page of the zone stands for its telephone and its directions.
  const ours = (link) => [link, link.closest("[data-zone]")?.querySelector("a[href]")].find((one) => one?.origin === window.location.origin);
  const stay = (address) => window.location.assign(address + window.location.hash);
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[href]");
    const plain = !(event.altKey || event.ctrlKey || event.metaKey || event.shiftKey);
    if (!secret() || !plain || !link || link.getAttribute("href").startsWith("#") || !ours(link)) return;
    event.preventDefault();
    event.stopPropagation(); // a route that is not opened is not counted
    if (link.target === "_self") stay(link.href); else say("link", ours(link).href);
  }, true);

  // A sandbox may forbid forms, and does not tell: the frame goes to the answer's address itself.
  for (const form of window.origin === "null" ? document.forms : []) {
    const go = (event) => { event.preventDefault(); stay(`${form.action}?${new URLSearchParams(new FormData(form))}`); };
    form.querySelector("[type=submit]").addEventListener("click", go);
    form.addEventListener("keydown", (event) => { if (event.key === "Enter" && event.target.matches("input")) go(event); });
  }
}
