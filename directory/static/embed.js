// Turns <safe-zones town="ct/new-canaan"> and elements with data-safe-zones into a frame as high as its content.
// The link inside them stays until the frame answers.
(() => {
  "use strict";
  // For a module the server writes its address.
  const home = new URL(document.currentScript?.src ?? "SITE").origin;
  const frames = new Map();
  const NAMES = ["near", "zone", "towns", "county", "department", "state", "shape", "color", "search", "theme", "lang"];

  // Red, green, blue, alpha of a color: read where it says so itself, else painted as one dot.
  const parts = (color) => {
    const [red, green, blue, alpha = 1] = color.startsWith("rgb") ? color.match(/[\d.]+/g).map(Number) : [];
    if (red !== undefined) return [red, green, blue, alpha * 255];
    const pen = document.createElement("canvas").getContext("2d");
    pen.fillStyle = color;
    pen.fillRect(0, 0, 1, 1);
    return pen.getImageData(0, 0, 1, 1).data;
  };
  // The nearest ground that is painted decides between light and dark.
  const theme = (place) => {
    for (let at = place; at; at = at.parentElement) {
      const [red, green, blue, alpha] = parts(getComputedStyle(at).backgroundColor);
      if (alpha > 127) return red * 0.3 + green * 0.59 + blue * 0.11 < 110 ? "dark" : "light";
    }
    const scheme = getComputedStyle(place).colorScheme;
    return scheme.includes("dark") ? (scheme.includes("light") ? "" : "dark") : "light";
  };
  const show = (link, shown) => link?.style[shown ? "removeProperty" : "setProperty"]("display", "none", "important");

  function mount(place, get) {
    const town = get("town");
    const address = new URL(`/embed${town ? `/${encodeURI(town)}` : ""}`, home);
    const wish = { theme: theme(place), lang: place.closest("[lang]")?.lang.slice(0, 2) };
    for (const name of NAMES) {
      const value = get(name) ?? wish[name];
      if (value) address.searchParams.set(name, value);
    }
    place.querySelector("iframe")?.remove();
    const link = place.querySelector("a");
    show(link, true);
    const frame = document.createElement("iframe");
    frame.title = get("title") ?? link?.textContent ?? "Safe zones";
    frame.allow = "fullscreen; geolocation";
    frame.referrerPolicy = "strict-origin-when-cross-origin";
    frame.sandbox = "allow-scripts allow-same-origin allow-forms allow-popups allow-popups-to-escape-sandbox";
    frame.loading = "lazy";
    frame.src = address;
    Object.assign(frame.style, { display: "block", width: "100%", height: "1px", border: "0", visibility: "hidden" });
    place.append(frame);
    const height = /^\d+$/.test(get("height") ?? "") ? Math.min(Math.max(+get("height"), 200), 2000) : get("shape") === "compact" ? 480 : 0;
    frames.set(frame, { link, height });
    // Style sheets of the page may come after us, and the ground with them.
    if (document.readyState !== "complete" && !get("theme"))
      addEventListener("load", () => frame.isConnected && theme(place) !== wish.theme && mount(place, get));
  }

  addEventListener("message", ({ source, origin, data }) => {
    if (origin !== home && origin !== "null") return; // in a sandbox
    for (const [frame, { link, height }] of frames) {
      if (!frame.isConnected) { frames.delete(frame); continue; }
      const high = Math.ceil(data?.safeZonesHeight);
      if (frame.contentWindow !== source || !(high > 0 && high < 20000)) continue;
      frame.style.height = `${height || high}px`;
      frame.style.visibility = "visible";
      show(link, false);
    }
  });

  if (!customElements.get("safe-zones")) customElements.define("safe-zones", class extends HTMLElement {
    static observedAttributes = [...NAMES, "town", "height"];
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
