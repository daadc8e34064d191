// Zones kept in this browser: the button on a zone's page, and their list. Whatever is stored is shown as text only.
"use strict";

(() => {
  const one = (selector, root = document) => root.querySelector(selector);
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const NAME = "kept-zones";
  const VERSION = 1;
  const MOST_ZONES = 50;
  const WAIT_MS = 15000;
  const TEXTS = ["name", "owner", "spot", "address", "hours", "phone", "source", "notice", "next", "lang", "saved"];
  const isCopy = "saved" in document.body.dataset;

  const pathOf = (zone) => `/zones/${encodeURIComponent(zone.id)}`;
  const dayOf = (text) => {
    const at = new Date(text);
    return Number.isNaN(at.getTime()) ? "" : at.toLocaleDateString(document.documentElement.lang, { dateStyle: "long" });
  };

  const textOf = (box, name) => box.dataset[`text${name[0].toUpperCase()}${name.slice(1)}`];

  // The zones that are stored, and why they cannot be changed: storage is blocked, or a newer release wrote them.
  // What is none of ours counts as nothing.
  function read() {
    let stored = null;
    try {
      stored = JSON.parse(localStorage.getItem(NAME));
    } catch (error) {
      if (!(error instanceof SyntaxError)) return { zones: [], trouble: "blocked" };
    }
    if (stored?.version > VERSION) return { zones: [], trouble: "newer" };
    const isOurs = stored?.version === VERSION && Array.isArray(stored.zones);
    return { zones: isOurs ? stored.zones.map(readZone).filter(Boolean) : [], trouble: "" };
  }
  function readZone(stored) {
    if (typeof stored?.id !== "string" || !/^[^/?#]{1,200}$/.test(stored.id)) return null;
    const texts = TEXTS.map((name) => [name, typeof stored[name] === "string" ? stored[name] : ""]);
    return { id: stored.id, ...Object.fromEntries(texts) };
  }
  // Store the zones; returns what is in the way: nothing, or that the browser takes no more.
  function write(zones) {
    try {
      if (zones.length) localStorage.setItem(NAME, JSON.stringify({ version: VERSION, zones }));
      else localStorage.removeItem(NAME);
      return "";
    } catch {
      return "full";
    }
  }
  const isKept = (id) => read().zones.some((zone) => zone.id === id);
  // Change what is stored of a zone; a zone that was removed meanwhile stays so.
  function update(id, texts) {
    const { zones, trouble } = read();
    if (!trouble) write(zones.map((zone) => (zone.id === id ? { ...zone, ...texts } : zone)));
  }

  // The worker saves the pages with all they need. False where it did not, or there is none.
  async function savePages(paths) {
    if (!navigator.serviceWorker) return false;
    const { port1, port2 } = new MessageChannel();
    const answered = new Promise((resolve) => { port1.onmessage = ({ data }) => resolve(data); });
    const late = new Promise((resolve) => { window.setTimeout(resolve, WAIT_MS, false); });
    navigator.serviceWorker.ready.then(({ active }) => active.postMessage({ paths }, [port2])).catch(() => {});
    return Promise.race([answered, late]);
  }
  // Take the saved pages of zones out of the browser; returns them, for who wants them back.
  async function takePages(zones) {
    const pages = [];
    try {
      const cache = await caches.open(NAME);
      for (const path of zones.map(pathOf)) {
        const page = await cache.match(path, { ignoreVary: true });
        if (page) pages.push([path, page]);
        await cache.delete(path, { ignoreVary: true });
      }
    } catch { /* Without storage there is nothing to take. */ }
    return pages;
  }
  async function putPages(pages) {
    try {
      const cache = await caches.open(NAME);
      for (const [path, page] of pages) await cache.put(path, page);
    } catch { /* The list stays; opened with a network, the page is saved anew. */ }
  }

  // On a zone's page: keep it, or keep it no longer.
  for (const box of all("[data-keep]")) {
    const zone = JSON.parse(box.dataset.keep);
    const button = one("button", box);
    const status = one("[data-keep-status]", box);
    const say = (name) => { status.textContent = textOf(box, name); };
    const show = () => {
      button.textContent = textOf(box, isKept(zone.id) ? "remove" : "keep");
      one("a", box).hidden = !isKept(zone.id);
    };
    const keep = async () => {
      const { zones, trouble } = read();
      const problem = trouble || (zones.length >= MOST_ZONES ? "many" : write([{ ...zone, saved: new Date().toISOString() }, ...zones]));
      if (problem) { say(problem); return; }
      say("kept");
      show();
      if (!await savePages([pathOf(zone)]) && isKept(zone.id)) say("unsaved");
    };
    const remove = async () => {
      say(write(read().zones.filter((other) => other.id !== zone.id)) || "removed");
      show();
      await takePages([zone]);
    };
    button.addEventListener("click", () => (isKept(zone.id) ? remove() : keep()));
    box.classList.add("keep-ready");
    if (!isCopy) update(zone.id, { ...zone, saved: new Date().toISOString() });
    show();
  }

  // The list.
  for (const box of all("[data-kept-list]")) {
    const list = one("[data-kept-zones]", box);
    const status = one("[data-kept-status]", box);
    const undo = one("[data-kept-undo]", box);
    let removed = null;
    const say = (words) => { status.textContent = words; };

    const card = (zone) => {
      const item = one("template", box).content.firstElementChild.cloneNode(true);
      const link = one("[data-field=name]", item);
      const phone = one("[data-field=phone]", item);
      for (const element of all("[data-field]", item)) {
        const words = element.dataset.field === "saved" ? dayOf(zone.saved) : zone[element.dataset.field];
        element.textContent = words;
        element.closest("p, h2").hidden = !words;
      }
      link.href = pathOf(zone);
      phone.href = `tel:${zone.phone}`;
      const next = one("[data-next]", item);
      next.hidden = !/^\/(zones|programs)\/[\w.-]+$/.test(zone.next);
      if (!next.hidden) next.href = zone.next;
      if (/^[a-z]{2}$/.test(zone.lang)) item.lang = zone.lang;
      const button = one("[data-kept-remove]", item);
      button.setAttribute("aria-label", `${button.textContent} ${zone.name}`);
      button.addEventListener("click", () => remove([zone]));
      return item;
    };
    const show = () => {
      const { zones, trouble } = read();
      const controls = () => all("a, button", list);
      const focused = controls().indexOf(document.activeElement);
      list.replaceChildren(...zones.map(card));
      controls()[focused]?.focus();
      one("[data-kept-empty]", box).hidden = zones.length > 0 || Boolean(trouble);
      one("[data-kept-all]", box).hidden = zones.length < 2;
      if (trouble) say(textOf(box, trouble));
    };

    async function remove(zones) {
      const before = read().zones;
      const ids = new Set(zones.map((zone) => zone.id));
      const problem = write(before.filter((zone) => !ids.has(zone.id)));
      if (problem) { say(textOf(box, problem)); return; }
      removed = { before, ids, pages: takePages(zones) };
      show();
      say(zones.length > 1 ? textOf(box, "allRemoved") : textOf(box, "removed").replace("{name}", zones[0].name));
      undo.hidden = false;
      undo.focus();
    }
    undo.addEventListener("click", async () => {
      const { before, ids, pages } = removed;
      const now = read().zones;
      // Where they were, beside what was kept meanwhile in another window.
      const added = now.filter((zone) => !before.some((other) => other.id === zone.id));
      const stayed = before.filter((zone) => ids.has(zone.id) || now.some((other) => other.id === zone.id));
      const problem = write([...added, ...stayed]);
      if (problem) { say(textOf(box, problem)); return; }
      undo.hidden = true;
      say(textOf(box, "back"));
      show();
      one("a", list)?.focus();
      await putPages(await pages);
    });
    one("[data-kept-all]", box).addEventListener("click", () => remove(read().zones));
    window.addEventListener("storage", show);

    // What became of a zone: its page as it is now, through the worker, which renews its copy with it.
    async function refresh(zone) {
      const answer = await fetch(pathOf(zone)).catch(() => null);
      if (answer?.status === 404) {
        update(zone.id, { notice: textOf(box, "gone"), next: "" });
      } else if (answer?.redirected) {
        update(zone.id, { notice: textOf(box, "replaced"), next: new URL(answer.url).pathname });
      } else if (answer?.ok) {
        const page = new DOMParser().parseFromString(await answer.text(), "text/html");
        const fresh = readZone(JSON.parse(one("[data-keep]", page)?.dataset.keep || "null"));
        const isFresh = fresh?.id === zone.id && !("saved" in page.body.dataset);
        if (isFresh) update(zone.id, { ...fresh, saved: new Date().toISOString() });
      }
    }
    async function refreshAll() {
      for (const zone of read().zones) await refresh(zone);
      show();
    }

    one("[data-kept-explained]").hidden = true;
    box.hidden = false;
    one("[data-kept-instead]", box).hidden = window.location.pathname === box.dataset.keptList;
    show();
    if (!isCopy) refreshAll();
  }
})();
