// What the forms gain with JavaScript: one group a screen on phones, the pin, hours read back, keys on the desk.
"use strict";

(() => {
  const one = (selector, root = document) => root.querySelector(selector);
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const ask = async (address, query) => {
    const answer = await fetch(`${address}?${new URLSearchParams(query)}`).catch(() => null);
    return answer?.ok ? answer.json() : null;
  };
  const button = (words, act) => {
    const element = Object.assign(document.createElement("button"), { type: "button", className: "button button-quiet", textContent: words });
    element.addEventListener("click", act);
    return element;
  };

  // Known departments while one types; choosing one fills in town and state.
  for (const form of all("[data-departments]")) {
    const input = one("#department", form);
    const list = one("#known-departments", form);
    const note = one("[data-known-department]", form);
    let known = [];
    input.addEventListener("input", () => {
      const words = input.value.trim();
      window.setTimeout(async () => {
        if (words.length < 3 || words !== input.value.trim()) return;
        const chosen = known.find((item) => words === `${item.name}, ${item.town}, ${item.region}`);
        if (chosen) {
          input.value = chosen.name;
          one("#town", form).value = chosen.town;
          one("#region", form).value = chosen.region;
          note.textContent = note.dataset.words.replace("{zones}", chosen.zones);
          return;
        }
        known = (await ask(form.dataset.departments, { q: words })) || [];
        list.replaceChildren(...known.map((item) => Object.assign(document.createElement("option"), { value: `${item.name}, ${item.town}, ${item.region}` })));
      }, 150);
    });
  }

  // A closure: only the fields of the chosen kind are shown.
  for (const fields of all("[data-closure]")) {
    const kinds = all("input[type=radio]", fields);
    const show = () => {
      const kind = kinds.find((input) => input.checked)?.value || "";
      for (const part of all("[data-kinds]", fields)) part.hidden = !part.dataset.kinds.split(" ").includes(kind);
    };
    for (const input of kinds) input.addEventListener("change", show);
    show();
  }

  // Hours: only the chosen way of saying them is shown, and what we read is said back.
  for (const editor of all(".hours-editor")) {
    const form = editor.closest("form");
    const read = one("[data-hours-read]", editor);
    const modes = all("input[name=hours_mode]", editor);
    const show = () => {
      const mode = modes.find((input) => input.checked)?.value || "";
      for (const part of all("[data-for-mode]", editor)) part.hidden = part.dataset.forMode !== mode;
      return mode;
    };
    const days = ["Mo", "Tu", "We", "Th", "Fr", "Sa", "Su"];
    let turn = 0;
    const tell = async () => {
      const mode = show();
      const words = mode === "always" ? "24/7" : mode === "words" ? one("#hours_words", editor).value.trim()
        : mode === "week" ? days.filter((day) => one(`[name=from_${day}]`, editor).value && one(`[name=to_${day}]`, editor).value)
          .map((day) => `${day} ${one(`[name=from_${day}]`, editor).value}-${one(`[name=to_${day}]`, editor).value}`).join("; ") : "";
      const mine = ++turn;
      const answer = words ? await ask(form.dataset.hours, { words }) : { words: "" };
      if (!answer || mine !== turn) return;
      const question = answer.question ? `${answer.question}. ${answer.readings.length ? read.dataset.ask : ""}` : "";
      read.textContent = answer.problem || question || (answer.words ? read.dataset.words.replace("{words}", answer.words) : "");
      read.classList.toggle("field-error", Boolean(answer.problem || question));
      choices.replaceChildren(...(answer.readings || []).map(reading));
    };
    const choices = one("[data-hours-readings]", editor);
    const reading = ({ osm, words }) => {
      const item = document.createElement("li");
      item.append(button(words, () => { one("#hours_words", editor).value = osm; one("#hours_words", editor).focus(); tell(); }));
      return item;
    };
    editor.addEventListener("change", tell);
    show();
  }

  // The pin: by mouse and finger on the map, by keyboard with the buttons, or as numbers in the fields.
  for (const box of all("[data-pin]")) {
    const form = box.closest("form");
    const latitude = one("#latitude", form);
    const longitude = one("#longitude", form);
    const status = one("[data-pin-status]", box);
    const say = (words) => { status.textContent = words; status.hidden = !words; };
    box.addEventListener("mapready", ({ detail: { map } }) => {
      one("[data-pin-buttons]", box).hidden = false;
      let pin = null;
      let address = null;
      const given = () => (latitude.value && longitude.value ? [Number(latitude.value), Number(longitude.value)] : null);
      const tellDistance = () => {
        const at = given();
        say(at && address && map.distance(at, address) > 150 ? box.dataset.far : "");
      };
      const put = (at, move) => {
        latitude.value = at.lat.toFixed(6);
        longitude.value = at.lng.toFixed(6);
        draw(move);
      };
      const draw = (move) => {
        const at = given();
        if (!at || at.some(Number.isNaN)) { pin?.remove(); pin = null; return; }
        if (!pin) {
          pin = L.marker(at, { draggable: true, keyboard: false, title: box.dataset.label, alt: box.dataset.label, icon: SafeZones.pinIcon(0) }).addTo(map);
          pin.on("dragend", () => put(pin.getLatLng()));
        }
        pin.setLatLng(at);
        if (move) map.setView(at, Math.max(map.getZoom(), 17));
        tellDistance();
      };
      map.on("click", ({ latlng }) => put(latlng));
      one("[data-pin-center]", box).addEventListener("click", () => put(map.getCenter()));
      one("[data-pin-none]", box).addEventListener("click", () => { latitude.value = longitude.value = ""; draw(); say(""); });
      one("[data-pin-address]", box).addEventListener("click", async () => {
        const answer = await ask(box.dataset.locate, {
          street_address: one("#street_address", form).value, town: one("#town", form).value,
          postal_code: one("#postal_code", form).value, state: box.dataset.state,
        });
        if (!answer || answer.problem) { say(answer?.problem || ""); return; }
        address = [answer.latitude, answer.longitude];
        put(L.latLng(address), true);
      });
      for (const field of [latitude, longitude]) field.addEventListener("change", () => draw(true));
      draw(true);
    });
  }

  // On a phone one group of questions a screen. Without script the groups stand below each other.
  const form = one("[data-groups]");
  if (form && window.matchMedia("(max-width: 719px)").matches) {
    const groups = all(".group", form);
    const end = one(".form-end", form);
    const bar = Object.assign(document.createElement("p"), { className: "group-steps" });
    let at = Math.max(0, groups.findIndex((group) => one(".field-wrong, .field-error", group)));
    if (window.location.hash && one(`.group${window.location.hash}`, form)) at = groups.indexOf(one(`.group${window.location.hash}`, form));
    const go = (number, focus) => {
      at = number;
      groups.forEach((group, index) => { group.hidden = index !== at; });
      end.hidden = at !== groups.length - 1;
      back.hidden = at === 0;
      next.hidden = at === groups.length - 1;
      count.textContent = `${at + 1} / ${groups.length}`;
      const following = groups[at + 1] && one("h2", groups[at + 1]).textContent;
      next.textContent = following ? form.dataset.next.replace("{group}", following.toLocaleLowerCase()) : "";
      if (focus) { const head = one("h2", groups[at]); head.tabIndex = -1; head.focus(); window.dispatchEvent(new Event("resize")); }
    };
    const back = button(form.dataset.back, () => go(at - 1, true));
    const next = button("", () => go(at + 1, true));
    next.className = "button";
    next.dataset.stepNext = "";
    const count = document.createElement("span");
    bar.append(next, back, count);
    end.before(bar);
    go(at, false);
    // A link in the error summary leads to a field that may be on another screen.
    for (const link of all('.notice a[href^="#"]')) {
      link.addEventListener("click", () => {
        const group = document.getElementById(link.hash.slice(1))?.closest(".group");
        if (group) go(groups.indexOf(group), false);
      });
    }
  }

  // A written reason is put into the field at once; without script its button brings the page back with it.
  for (const written of all("[data-reason]")) {
    written.addEventListener("click", (event) => {
      event.preventDefault();
      const field = one("textarea", written.closest("form"));
      field.value = written.dataset.reason;
      field.focus();
    });
  }

  // Every box of the queue's page, or none if all are ticked.
  for (const every of all("[data-tick-all]")) {
    every.addEventListener("click", (event) => {
      event.preventDefault();
      const boxes = all("[name=chosen]", every.closest("form"));
      const ticked = boxes.every((box) => box.checked);
      for (const box of boxes) box.checked = !ticked;
    });
  }

  // One key per action on the review desk.
  for (const keyed of all("[data-keys]")) {
    document.addEventListener("keydown", (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input, textarea, select, .map")) return;
      if (event.key === "r") { one("textarea", keyed)?.focus(); event.preventDefault(); return; }
      const action = one(`[data-key="${CSS.escape(event.key)}"]`, keyed);
      if (action) { event.preventDefault(); action.click(); }
    });
  }
})();
