// The Safe Zone Directory on another site: turns <safe-zones town="ct/new-canaan"> and elements with data-safe-zones into
// a frame as high as its content. The link inside them stays until the frame answers, so that a blocked frame loses nothing.
(() => {
  "use strict";
  const home = new URL(document.currentScript.src).origin;
  const frames = new Map();

  // The nearest ground that is painted decides between light and dark.
  const theme = (place) => {
    for (let at = place; at; at = at.parentElement) {
      const [red, green, blue, alpha = 1] = getComputedStyle(at).backgroundColor.match(/[\d.]+/g)?.map(Number) ?? [0, 0, 0, 0];
      if (alpha > 0.5) return red * 0.3 + green * 0.59 + blue * 0.11 < 110 ? "dark" : "light";
    }
    return "";
  };

  function mount(place, get) {
    const town = get("town");
    const address = new URL(`/embed${town ? `/${encodeURI(town)}` : ""}`, home);
    const wish = { theme: theme(place), lang: place.closest("[lang]")?.lang.slice(0, 2) };
    for (const name of ["near", "department", "state", "color", "search", "theme", "lang"]) {
      const value = get(name) ?? wish[name];
      if (value) address.searchParams.set(name, value);
    }
    place.querySelector("iframe")?.remove();
    const link = place.querySelector("a");
    const frame = document.createElement("iframe");
    frame.title = get("title") ?? link?.textContent ?? "Safe zones";
    frame.allow = "geolocation";
    frame.referrerPolicy = "strict-origin-when-cross-origin";
    frame.sandbox = "allow-scripts allow-same-origin allow-forms allow-popups allow-popups-to-escape-sandbox";
    frame.loading = "lazy";
    frame.src = address;
    Object.assign(frame.style, { display: "block", width: "100%", height: "1px", border: "0", visibility: "hidden" });
    place.append(frame);
    frames.set(frame, { link, height: get("height") });
  }

  addEventListener("message", ({ source, origin, data }) => {
    if (origin !== home) return;
    for (const [frame, { link, height }] of frames) {
      if (!frame.isConnected) { frames.delete(frame); continue; }
      const high = Math.ceil(data?.safeZonesHeight);
      if (frame.contentWindow !== source || !(high > 0 && high < 20000)) continue;
      frame.style.height = `${height || high}px`;
      frame.style.visibility = "visible";
      if (link) link.hidden = true;
    }
  });

  if (!customElements.get("safe-zones")) customElements.define("safe-zones", class extends HTMLElement {
    static observedAttributes = ["town", "near", "department", "state", "color", "theme", "lang", "search", "height"];
    connectedCallback() { this.style.display = "block"; this.draw(); }
    attributeChangedCallback() { if (this.isConnected) this.draw(); }
    // Children come after the opening tag where a parser meets it: wait for the link.
    draw() { clearTimeout(this.timer); this.timer = setTimeout(() => mount(this, (name) => this.getAttribute(name))); }
  });
  const find = () => document.querySelectorAll("[data-safe-zones]").forEach((place) => {
    if (place.querySelector("iframe")) return;
    mount(place, (name) => (name === "town" ? place.dataset.safeZones || null : place.dataset[name]) ?? null);
  });
  if (document.readyState === "loading") addEventListener("DOMContentLoaded", find); else find();
})();
