// Zones and meeting cards kept in this browser: the button on their pages, and the lists. Whatever is stored is shown
// as text only.
"use strict";

(() => {
  const one = (selector, root = document) => root.querySelector(selector);
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const CACHE = "kept-zones";
  const VERSION = 1;
  const MOST = 50;
  // Kinds of pins have the numbers of the maps.
  const NOT_USABLE = "2";
  const WAIT_MS = 15000;
  const DAY_MS = 86_400_000;
  const isCopy = "saved" in document.body.dataset;
  const dayOf = (text) => {
    const at = new Date(text);
    return Number.isNaN(at.getTime()) ? "" : at.toLocaleDateString(document.documentElement.lang, { dateStyle: "long" });
  };
  const textOf = (box, name) => box.dataset[`text${name[0].toUpperCase()}${name.slice(1)}`];

  // What is kept of one kind: `kind` is its name in the storage, `folder` where its pages stand.
  function shelfOf(kind, folder, texts) {
    const name = `kept-${kind}`;
    // A thing that is stored, and nothing of it but texts; null for what is none of ours.
    const readThing = (stored) => {
      if (typeof stored?.id !== "string" || !/^[^/?#]{1,200}$/.test(stored.id)) return null;
      return { id: stored.id, ...Object.fromEntries(texts.map((one) => [one, typeof stored[one] === "string" ? stored[one] : ""])) };
    };
    // What is stored, and why it cannot be changed: storage is blocked, or a newer release wrote it.
    // What is none of ours counts as nothing.
    const read = () => {
      let stored = null;
      try {
        stored = JSON.parse(localStorage.getItem(name));
      } catch (error) {
        if (!(error instanceof SyntaxError)) return { things: [], trouble: "blocked" };
      }
      if (stored?.version > VERSION) return { things: [], trouble: "newer" };
      const isOurs = stored?.version === VERSION && Array.isArray(stored[kind]);
      return { things: isOurs ? stored[kind].map(readThing).filter(Boolean) : [], trouble: "" };
    };
    // Store them; returns what is in the way: nothing, or that the browser takes no more.
    const write = (things) => {
      try {
        if (things.length) localStorage.setItem(name, JSON.stringify({ version: VERSION, [kind]: things }));
        else localStorage.removeItem(name);
        return "";
      } catch {
        return "full";
      }
    };
    // Change what is stored of one; what was removed meanwhile stays so.
    const update = (id, changed) => {
      const { things, trouble } = read();
      if (!trouble) write(things.map((thing) => (thing.id === id ? { ...thing, ...changed } : thing)));
    };
    const has = (id) => read().things.some((thing) => thing.id === id);
    return { has, pathOf: ({ id }) => `/${folder}/${encodeURIComponent(id)}`, read, readThing, update, write };
  }
  const SHELVES = {
    zones: shelfOf("zones", "zones",
      ["name", "owner", "spot", "address", "hours", "phone", "source", "notice", "next", "pin", "lang", "saved"]),
    cards: shelfOf("cards", "m", ["name", "when", "ends", "spot", "address", "phone", "notice", "pin", "lang", "saved"]),
  };

  // The worker saves the pages with all they need. False where it did not, or there is none.
  async function savePages(paths) {
    if (!navigator.serviceWorker) return false;
    const { port1, port2 } = new MessageChannel();
    const answered = new Promise((resolve) => { port1.onmessage = ({ data }) => resolve(data); });
    const late = new Promise((resolve) => { window.setTimeout(resolve, WAIT_MS, false); });
    navigator.serviceWorker.ready.then(({ active }) => active.postMessage({ paths }, [port2])).catch(() => {});
    return Promise.race([answered, late]);
  }
  // Take saved pages out of the browser; returns them, for who wants them back.
  async function takePages(paths) {
    const pages = [];
    try {
      const cache = await caches.open(CACHE);
      for (const path of paths) {
        const page = await cache.match(path, { ignoreVary: true });
        if (page) pages.push([path, page]);
        await cache.delete(path, { ignoreVary: true });
      }
    } catch { /* Without storage there is nothing to take. */ }
    return pages;
  }
  async function putPages(pages) {
    try {
      const cache = await caches.open(CACHE);
      for (const [path, page] of pages) await cache.put(path, page);
    } catch { /* The list stays; opened with a network, the page is saved anew. */ }
  }

  // Where somebody was is nobody's business: a card goes the day after its last meeting.
  const isOver = ({ ends }) => Date.parse(ends) + DAY_MS < Date.now();
  const { things: cards } = SHELVES.cards.read();
  if (cards.some(isOver)) {
    SHELVES.cards.write(cards.filter((card) => !isOver(card)));
    takePages(cards.filter(isOver).map(SHELVES.cards.pathOf));
  }

  // On the page of a zone or of a meeting: keep it, or keep it no longer.
  for (const box of all("[data-keep]")) {
    const shelf = SHELVES[box.dataset.shelf];
    const thing = JSON.parse(box.dataset.keep);
    const button = one("button", box);
    const status = one("[data-keep-status]", box);
    const say = (name) => { status.textContent = textOf(box, name); };
    const show = () => {
      button.textContent = textOf(box, shelf.has(thing.id) ? "remove" : "keep");
      one("a", box).hidden = !shelf.has(thing.id);
    };
    const keep = async () => {
      const { things, trouble } = shelf.read();
      const isFull = things.length >= MOST;
      const problem = trouble || (isFull ? "many" : shelf.write([{ ...thing, saved: new Date().toISOString() }, ...things]));
      if (problem) { say(problem); return; }
      say("saving");
      show();
      const isSaved = await savePages([shelf.pathOf(thing)]);
      if (shelf.has(thing.id)) say(isSaved ? "kept" : "unsaved");
    };
    const remove = async () => {
      say(shelf.write(shelf.read().things.filter((other) => other.id !== thing.id)) || "removed");
      show();
      await takePages([shelf.pathOf(thing)]);
    };
    button.addEventListener("click", () => (shelf.has(thing.id) ? remove() : keep()));
    box.classList.add("keep-ready");
    if (!isCopy) shelf.update(thing.id, { ...thing, saved: new Date().toISOString() });
    show();
  }

  // The lists.
  for (const box of all("[data-kept-list]")) {
    const shelf = SHELVES[box.dataset.keptList];
    const list = one("[data-kept-things]", box);
    const status = one("[data-kept-status]", box);
    const undo = one("[data-kept-undo]", box);
    const empty = one("[data-kept-empty]", box);
    let removed = null;
    const say = (words) => { status.textContent = words; };

    const card = (thing) => {
      const item = one("template", box).content.firstElementChild.cloneNode(true);
      const link = one("[data-field=name]", item);
      const phone = one("[data-field=phone]", item);
      for (const element of all("[data-field]", item)) {
        const words = element.dataset.field === "saved" ? dayOf(thing.saved) : thing[element.dataset.field];
        element.textContent = words;
        element.closest("p, h2, h3").hidden = !words;
      }
      link.href = shelf.pathOf(thing);
      phone.href = `tel:${thing.phone}`;
      const next = one("[data-next]", item);
      if (next) {
        next.hidden = !/^\/(zones|programs)\/[\w.-]+$/.test(thing.next);
        if (!next.hidden) next.href = thing.next;
      }
      if (/^[a-z]{2}$/.test(thing.lang)) item.lang = thing.lang;
      if (/^[0-3]$/.test(thing.pin)) one(".pin", item).className = `pin pin-${thing.pin}`;
      const button = one("[data-kept-remove]", item);
      button.setAttribute("aria-label", `${button.textContent} ${thing.name}`);
      button.addEventListener("click", () => remove([thing]));
      return item;
    };
    const show = () => {
      const { things, trouble } = shelf.read();
      const controls = () => all("a, button", list);
      const focused = controls().indexOf(document.activeElement);
      list.replaceChildren(...things.map(card));
      controls()[focused]?.focus();
      if (empty) empty.hidden = things.length > 0 || Boolean(trouble);
      else box.hidden = !things.length && undo.hidden;
      one("[data-kept-all]", box).hidden = things.length < 2;
      if (trouble) say(textOf(box, trouble));
    };

    async function remove(things) {
      const before = shelf.read().things;
      const ids = new Set(things.map((thing) => thing.id));
      const problem = shelf.write(before.filter((thing) => !ids.has(thing.id)));
      if (problem) { say(textOf(box, problem)); return; }
      removed = { before, ids, pages: takePages(things.map(shelf.pathOf)) };
      undo.hidden = false;
      show();
      say(things.length > 1 ? textOf(box, "allRemoved") : textOf(box, "removed").replace("{name}", things[0].name));
      undo.focus();
    }
    undo.addEventListener("click", async () => {
      const { before, ids, pages } = removed;
      const now = shelf.read().things;
      // Where they were, beside what was kept meanwhile in another window.
      const added = now.filter((thing) => !before.some((other) => other.id === thing.id));
      const stayed = before.filter((thing) => ids.has(thing.id) || now.some((other) => other.id === thing.id));
      const problem = shelf.write([...added, ...stayed]);
      if (problem) { say(textOf(box, problem)); return; }
      undo.hidden = true;
      say(textOf(box, "back"));
      show();
      one("a", list)?.focus();
      await putPages(await pages);
    });
    one("[data-kept-all]", box).addEventListener("click", () => remove(shelf.read().things));
    window.addEventListener("storage", show);

    // What became of one: its page as it is now, through the worker, which renews its copy with it.
    async function refresh(thing) {
      const answer = await fetch(shelf.pathOf(thing)).catch(() => null);
      if ([404, 410].includes(answer?.status)) {
        shelf.update(thing.id, { notice: textOf(box, "gone"), next: "", pin: NOT_USABLE });
      } else if (answer?.redirected) {
        shelf.update(thing.id, { notice: textOf(box, "replaced"), next: new URL(answer.url).pathname, pin: NOT_USABLE });
      } else if (answer?.ok) {
        const page = new DOMParser().parseFromString(await answer.text(), "text/html");
        const fresh = shelf.readThing(JSON.parse(one("[data-keep]", page)?.dataset.keep || "null"));
        const isFresh = fresh?.id === thing.id && !("saved" in page.body.dataset);
        if (isFresh) shelf.update(thing.id, { ...fresh, saved: new Date().toISOString() });
      }
    }
    async function refreshAll() {
      for (const thing of shelf.read().things) await refresh(thing);
      show();
    }
    show();
    if (!isCopy) refreshAll();
  }
  for (const lists of all("[data-kept]")) {
    one("[data-kept-explained]").hidden = true;
    lists.hidden = false;
    one("[data-kept-instead]", lists).hidden = window.location.pathname === lists.dataset.kept;
  }
})();
