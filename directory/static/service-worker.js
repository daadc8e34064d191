// Shows the tips, the list of what is kept, and kept zones and meeting cards when the network fails. The server writes
// RELEASE above.
// It answers for nothing else: no address with a query, no search, no desk, no other site, nothing that is sent.
"use strict";

const OWN = `release-${RELEASE}`;
const KEPT = "kept-zones";
const HOME = "/";
const LIST = "/kept";
const PAGES = [LIST, "/tips"];
const ZONE_OR_CARD = /^\/(?:zones|m)\/[^/?#]+$/;
const FILE = /\b(?:href|src)="(\/static\/[\w-]+\/[\w.-]+\.(?:css|js|svg)|\/photos\/\w+\.jpg|\/m\/[\w.-]+\/qr\.svg)"/g;
const OF_A_PAGE = /^\/(?:static|photos)\/|^\/m\/[^/]+\/qr\.svg$/;
const GONE = [404, 410];
const PATIENCE_MS = 6000;
const GATEWAY_FAILURES = [502, 503, 504];

const cacheOf = (path) => (PAGES.includes(path) ? OWN : ZONE_OR_CARD.test(path) ? KEPT : "");
// The server says that pages vary by cookie and language: the one copy of a path is that of the last visit. A browser
// that refuses its storage has no copies, and pages come from the network as without this worker.
const LOOSELY = { ignoreVary: true };
const copyOf = (path) => caches.match(path, { cacheName: cacheOf(path), ...LOOSELY }).catch(() => undefined);
const filesOf = (html) => [...new Set([...html.matchAll(FILE)].map(([, file]) => file))];
const pathOf = ({ url }) => new URL(url).pathname;

let last = Promise.resolve();
// One change of the caches after the other.
const inTurn = (change) => { last = last.then(change, change); return last; };

// Save a page with the files that it names, whose addresses change with their content: all of it, or nothing.
async function save(path, answer) {
  if (!answer.ok || answer.redirected) throw new Error(`${path}: ${answer.status}`);
  const cache = await caches.open(cacheOf(path));
  const files = filesOf(await answer.clone().text());
  const missing = await Promise.all(files.map(async (file) => ((await cache.match(file, LOOSELY)) ? [] : file)));
  await cache.addAll(missing.flat());
  await cache.put(path, answer);
}
const saveAnew = (paths) => Promise.all(paths.map(async (path) => {
  const answer = await fetch(path);
  return inTurn(() => save(path, answer));
}));

// Delete what no saved page needs. Open pages may still load files of theirs: only while at most `most` are open.
async function tidy(most) {
  const windows = await self.clients.matchAll({ type: "window", includeUncontrolled: true });
  if (windows.length > most) return;
  const names = await caches.keys();
  // Names come in the order of their making: an old worker leaves alone what a newer one has begun.
  for (const name of names.slice(0, Math.max(0, names.indexOf(OWN)))) {
    if (name !== KEPT) await caches.delete(name);
  }
  const cache = await caches.open(KEPT);
  const stored = await cache.keys();
  const needed = new Set();
  for (const request of stored.filter((one) => ZONE_OR_CARD.test(pathOf(one)))) {
    const html = await (await cache.match(request, LOOSELY)).text();
    for (const path of [pathOf(request), ...filesOf(html)]) needed.add(path);
  }
  for (const request of stored) {
    if (!needed.has(pathOf(request))) await cache.delete(request, LOOSELY);
  }
}

// What a copy says of itself: the day on which it was saved, which static/site.js shows.
async function marked(copy) {
  const html = (await copy.text()).replace("<body", `<body data-saved="${copy.headers.get("date") || ""}"`);
  const headers = new Headers(copy.headers);
  headers.delete("content-encoding");
  headers.delete("content-length");
  return new Response(html, { headers });
}

async function renew(path, answer) {
  const isGone = GONE.includes(answer.status) || answer.redirected || answer.type === "opaqueredirect";
  if (isGone) await (await caches.open(cacheOf(path))).delete(path, LOOSELY);
  // A reader may have removed it meanwhile.
  else if (answer.ok && await copyOf(path)) await save(path, answer);
  await tidy(1);
}

const tooLate = () => new Promise((_, reject) => { setTimeout(reject, PATIENCE_MS); });

async function page(event, path) {
  const copy = cacheOf(path) && await copyOf(path);
  const answering = fetch(event.request);
  try {
    const answer = await (copy ? Promise.race([answering, tooLate()]) : answering);
    if (copy && GATEWAY_FAILURES.includes(answer.status)) throw new Error("The site is not reached.");
    const forCopy = copy && answer.clone();
    if (copy) event.waitUntil(inTurn(() => renew(path, forCopy)).catch(() => {}));
    return answer;
  } catch {
    answering.catch(() => {});
    const saved = copy || await copyOf(LIST);
    return saved ? marked(saved) : Response.error();
  }
}

self.addEventListener("install", (event) => {
  event.waitUntil(saveAnew(PAGES).then(() => self.skipWaiting()));
});
self.addEventListener("activate", (event) => {
  event.waitUntil(inTurn(() => tidy(0)).then(() => self.clients.claim()));
});
self.addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname, search } = new URL(request.url);
  if (request.method !== "GET" || origin !== self.location.origin || search) return;
  if (cacheOf(pathname) || (pathname === HOME && request.mode === "navigate")) {
    event.respondWith(page(event, pathname));
  } else if (OF_A_PAGE.test(pathname)) {
    event.respondWith(caches.match(request, LOOSELY).catch(() => undefined).then((file) => file || fetch(request)));
  }
});
// Pages ask for copies: of what is kept; and, naming none, of the others anew when the language was changed.
self.addEventListener("message", (event) => {
  const paths = (event.data.paths || PAGES).filter((path) => cacheOf(path));
  const answer = (isSaved) => event.ports[0]?.postMessage(isSaved);
  event.waitUntil(saveAnew(paths).then(() => answer(true), () => answer(false)));
});
