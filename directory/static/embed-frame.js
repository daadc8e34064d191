// Inside the frame: tell the page around it how high the content is, and nothing else.
"use strict";

if (window.parent !== window) {
  const tell = () => window.parent.postMessage({ safeZonesHeight: document.body.getBoundingClientRect().height }, "*");
  new ResizeObserver(tell).observe(document.body);
  window.addEventListener("load", tell);
}
