// The zones on the map that folium made. Every text from a zone is written with textContent, never as HTML.
"use strict";

window.SafeZones = (() => {
  const panel = document.querySelector("[data-map]");
  const text = (name) => panel.dataset[`text${name}`];
  const status = panel.querySelector("[data-map-status]");

  const legend = panel.querySelector("[data-legend]");
  const shape = (name) => legend.querySelector(`[data-shape="${name}"]`);
  // The legend has every shape once: pins are copies of it, and it shows those that are in use.
  function symbol(name, number = "") {
    const item = shape(name);
    legend.hidden = item.hidden = false;
    const copy = item.querySelector("svg").cloneNode(true);
    copy.removeAttribute("width");
    copy.removeAttribute("height");
    if (number) {
      const text = copy.appendChild(document.createElementNS(copy.namespaceURI, "text"));
      text.setAttribute("class", "p-n");
      text.setAttribute("y", copy.dataset.middle);
      text.textContent = number;
    }
    return copy;
  }
  const DROP = { iconSize: [32, 38], iconAnchor: [16, 36], popupAnchor: [0, -30] };
  // No larger than it looks: what lies below it has to be reached, too.
  const SQUARE = { iconSize: [25, 25], iconAnchor: [12.5, 12.5], popupAnchor: [0, -12] };
  const DIAMOND = { iconSize: [30, 30], iconAnchor: [15, 15], popupAnchor: [0, -12] };

  const pinIcon = (kind, number) => L.divIcon({
    className: `zone-pin zone-pin-${kind}`, html: symbol(kind, number), ...[DROP, DROP, SQUARE, DIAMOND][kind],
  });

  function pin(zone) {
    const note = ["", text("Unsure"), text("Gone"), text("Announced")][zone.kind];
    const marker = L.marker([zone.lat, zone.lon], {
      icon: pinIcon(zone.kind, zone.number), title: zone.name, riseOnHover: true, zIndexOffset: -1000 * (zone.number || 0),
    });
    marker.on("add", () => {
      const element = marker.getElement();
      element.setAttribute("role", "button");
      if (!note && panel.dataset.source) element.lang = panel.dataset.lang;
      element.setAttribute("aria-label", `${zone.name}, ${zone.town}${note ? `, ${note}` : ""}`);
    });
    // Clear of the scale and of the map's buttons; what comes later may need more room.
    const open = () => {
      const box = popup(zone, () => {
        const focused = document.activeElement;
        marker.getPopup().update(); // puts the box in anew, which takes the focus from a link in it
        if (box.contains(focused)) focused.focus();
      });
      marker.setPopupContent(box); // made once: an update would make it again
      return box;
    };
    marker.bindPopup(open, { autoPanPaddingTopLeft: [10, 40], autoPanPaddingBottomRight: [64, 10] });
    return marker;
  }

  function popup(zone, grown) {
    const box = document.createElement("div");
    const line = (words, className) => {
      const element = document.createElement("p");
      element.className = className;
      element.append(words);
      box.append(element);
      return element;
    };
    const anchor = (words, href) => Object.assign(document.createElement("a"), { textContent: words, href });
    const link = anchor(zone.name, panel.dataset.zoneUrl.replace("ZONE", encodeURIComponent(zone.id)));
    // Cards name a place in the reader's language; a source gives its words as they are.
    if (panel.dataset.source) link.lang = panel.dataset.lang;
    line(link, "popup-name");
    line([zone.town, zone.far].filter(Boolean).join(" · "), "popup-where");
    const state = line(zone.state || "", "popup-state");
    const way = (href) => {
      if (!href) return;
      const directions = anchor(text("Directions"), href);
      directions.rel = "noopener noreferrer";
      line(directions, "popup-way");
    };
    fetch(panel.dataset.popupUrl.replace("ZONE", encodeURIComponent(zone.id))).then((answer) => answer.json()).then((told) => {
      state.textContent ||= told.state;
      if (panel.dataset.source) Object.assign(link, { textContent: told.name, lang: document.documentElement.lang });
      way(told.directions);
      grown();
    }).catch(() => {});
    return box;
  }

  // What a card says stands in it once: its own words are shown again.
  const words = (card, selector) => card.querySelector(selector)?.textContent.trim().replace(/\s+/g, " ") || "";
  function cards() {
    return [...document.querySelectorAll("[data-cards] [data-zone]")].map((card) => {
      const row = card.closest("[id^=result-]") || card; // of two zones of one station
      const said = card.closest(".alike") || row; // of many of which the same is said
      return {
        card, id: card.dataset.zone, lat: +card.dataset.lat, lon: +card.dataset.lon,
        name: card.dataset.name, town: card.dataset.town, kind: +card.dataset.kind,
        number: row.id.replace("result-", ""), far: words(row, ".far"), state: words(said, ".place-summary strong, .badge"),
      };
    });
  }

  // The places that the zones are seen from: one, several, or none.
  const origins = () => (panel.dataset.origins || "").trim().split(" ").filter(Boolean).map((point) => point.split(",").map(Number));

  // Without streets nothing is seen from very near.
  const STREETS_ZOOM = 15;
  const BARE_ZOOM = 11;
  let hasPictures = false;
  const nearest = () => (panel.dataset.streets || hasPictures ? STREETS_ZOOM : BARE_ZOOM);

  // A few zones: a marker each, tied to its card both ways.
  function showCards(map, zones) {
    const spots = new Map();
    for (const zone of zones) {
      const marker = pin(zone).addTo(map);
      const spot = `${zone.lat},${zone.lon}`;
      // Zones at one spot stand side by side, not on top of each other.
      const before = spots.get(spot) || 0;
      spots.set(spot, before + 1);
      if (before) marker.getElement().style.marginLeft = `${before * 34 - 16}px`;
      const lift = (on) => {
        marker.getElement()?.classList.toggle("lifted", on);
        zone.card.classList.toggle("lifted", on);
      };
      for (const [element, names] of [[zone.card, ["mouseenter", "focusin"]], [marker.getElement(), ["mouseenter", "focus"]]]) {
        names.forEach((name) => element.addEventListener(name, () => lift(true)));
        ["mouseleave", "focusout", "blur"].forEach((name) => element.addEventListener(name, () => lift(false)));
      }
    }
    // On a phone there is room for the nearest only, as in the picture that the map was opened from.
    const most = map.getSize().x > 480 ? Infinity : +panel.dataset.nearest || Infinity;
    const points = zones.filter((zone) => +zone.number <= most).map((zone) => [zone.lat, zone.lon]);
    for (const [number, origin] of origins().entries()) {
      const [name, title] = number ? ["other", text("Other")] : ["origin", text("Origin")];
      const icon = L.divIcon({ className: `origin-pin origin-${name}`, html: symbol(name), iconSize: [22, 22] });
      L.marker(origin, { icon, title, alt: title, keyboard: false, interactive: false, zIndexOffset: 500 }).addTo(map);
      points.unshift(origin);
    }
    const padding = map.getSize().divideBy(5).floor();
    if (points.length) map.fitBounds(points, { padding: [Math.min(40, padding.x), Math.min(40, padding.y)], maxZoom: nearest(), animate: false });
  }

  async function zonesAt(source) {
    const answer = await fetch(source);
    if (!answer.ok) throw new Error(answer.status);
    // Column by column, positions in hundred-thousandths of a degree.
    const { id, lon, lat, name, town, kind } = await answer.json();
    return id.map((_, at) => ({ id: id[at], lon: lon[at] / 1e5, lat: lat[at] / 1e5, name: name[at], town: town[at], kind: kind[at] }));
  }

  // So many pins find room beside each other: those that would lie on another are still one.
  const FEW = 50;
  // Many zones: clustered, only what is in view becomes an element.
  function showMany(map, zones, whole) {
    const index = new Supercluster({ radius: zones.length > FEW ? 64 : 36, extent: 256, maxZoom: 16 }).load(zones.map((zone) => (
      { type: "Feature", geometry: { type: "Point", coordinates: [zone.lon, zone.lat] }, properties: { zone } }
    )));
    const layer = L.layerGroup().addTo(map);
    let shown = new Map();
    const draw = () => {
      const view = map.getBounds().pad(0.1);
      const box = [view.getWest(), view.getSouth(), view.getEast(), view.getNorth()];
      const next = new Map();
      for (const item of index.getClusters(box, Math.round(map.getZoom()))) {
        const [lon, lat] = item.geometry.coordinates;
        const key = item.properties.cluster ? `c${item.id}` : `z${item.properties.zone.id}`;
        next.set(key, shown.get(key) || (item.properties.cluster ? cluster(map, index, item, [lat, lon]) : pin(item.properties.zone)));
      }
      for (const [key, marker] of shown) if (!next.has(key)) layer.removeLayer(marker);
      for (const [key, marker] of next) if (!shown.has(key)) layer.addLayer(marker);
      shown = next;
      panel.dataset.painted = zones.length;
    };
    if (zones.length) {
      const { zoomSnap } = map.options;
      const margin = whole ? [0, 0] : [24, 48]; // a pin stands above its spot
      map.options.zoomSnap = 0.25; // between two levels a continent just fits
      map.fitBounds(whole ? CONTINENT : zones.map((zone) => [zone.lat, zone.lon]), { paddingTopLeft: margin, paddingBottomRight: beside(map), maxZoom: nearest(), animate: false });
      map.options.zoomSnap = zoomSnap;
      offerOutlying(map, zones);
    }
    map.on("moveend", draw);
    draw();
  }

  // The buttons of a map stand at its right: what is shown keeps clear of them, where there is room.
  const beside = (map) => (map.getSize().x > 480 ? [60, 24] : [24, 24]);

  // From Florida to Edmonton; what lies outside of the first view has a button under the map.
  const CONTINENT = [[24.5, -125], [54, -61]];
  function offerOutlying(map, zones) {
    const view = map.getBounds();
    const groups = new Map();
    for (const zone of zones) {
      if (view.contains([zone.lat, zone.lon])) continue;
      const code = zone.town.slice(-2);
      groups.set(code, [...(groups.get(code) || []), [zone.lat, zone.lon]]);
    }
    if (!groups.size) return;
    const names = JSON.parse(panel.dataset.regions || "{}");
    const item = shape("outlying");
    legend.hidden = item.hidden = false;
    for (const [code, points] of groups) {
      const button = Object.assign(document.createElement("button"), { type: "button", className: "link-button", textContent: `${names[code] || code} ${points.length}` });
      button.dataset.outlying = code;
      button.addEventListener("click", () => map.fitBounds(points, { padding: [40, 40], maxZoom: 9 }));
      item.append(" ", button);
    }
  }

  function cluster(map, index, item, at) {
    symbol("cluster");
    const count = item.properties.point_count;
    const size = count < 10 ? 36 : count < 100 ? 44 : 52;
    const number = document.createElement("span");
    number.textContent = count;
    const marker = L.marker(at, { icon: L.divIcon({ className: "zone-cluster", html: number, iconSize: [size, size] }) });
    marker.on("add", () => {
      marker.getElement().setAttribute("role", "button");
      marker.getElement().setAttribute("aria-label", text("Cluster").replace("{count}", count));
    });
    marker.on("click keypress", (event) => {
      if (event.type === "keypress" && event.originalEvent.key !== "Enter") return;
      map.setView(at, Math.min(index.getClusterExpansionZoom(item.id), 17));
    });
    return marker;
  }

  // Without streets: so that the pins do not float in the void. Its scripts come only then.
  let bare;
  async function showBare(map, without) {
    if (!without && map.getZoom() > BARE_ZOOM) map.setZoom(BARE_ZOOM, { animate: false });
    bare ||= Promise.all(panel.dataset.bareScripts.split(" ").map(load));
    await bare;
    MapNames.show(map, panel, without, BARE_ZOOM - 2);
    return MapOutlines.show(map, panel);
  }

  // Streets of our own; outlines where the file ends, or when pieces of it do not come.
  async function showStreets(map) {
    let gone = false;
    const failed = () => {
      if (!gone) showBare(map).catch(() => {});
      gone = true;
    };
    try {
      const { layer, bounds } = await Streets.show(map, panel.dataset.streets, failed);
      layer.once("load", () => { panel.dataset.paved = Math.round(performance.now()); });
      const beyond = () => {
        if (gone || bounds.contains(map.getBounds())) return;
        gone = true;
        showBare(map, bounds).catch(() => {});
      };
      map.on("moveend", beyond);
      beyond();
    } catch {
      failed();
    }
  }

  // Pictures of streets may be blocked or down; answers whether there should be any.
  function watchPictures(map) {
    const pictures = [];
    map.eachLayer((layer) => { if (layer instanceof L.TileLayer) pictures.push(layer); });
    let settled = !pictures.length;
    const fall = () => {
      if (settled) return;
      settled = true;
      showBare(map).then(() => { status.textContent = text("NoTiles"); }, () => {});
    };
    for (const layer of pictures) {
      layer.on("tileload", () => { settled = true; });
      layer.on("tileerror", fall);
    }
    window.setTimeout(fall, 1500);
    return pictures.length > 0;
  }

  // A map that fills the screen has no page to scroll: one finger moves it. Not every browser lets an element do so.
  const isWhole = (box) => document.fullscreenElement === box || box.classList.contains("map-whole");
  function fillScreen(map) {
    const box = map.getContainer();
    if (!document.fullscreenEnabled) {
      box.classList.toggle("map-whole");
      map.invalidateSize();
    } else if (document.fullscreenElement) document.exitFullscreen();
    else box.requestFullscreen();
  }

  // A page is scrolled over its map: the map takes two fingers, or the wheel with Ctrl or Command.
  function shareGestures(map) {
    const box = map.getContainer();
    const hint = box.appendChild(Object.assign(document.createElement("p"), { className: "map-hint", hidden: true }));
    hint.setAttribute("aria-hidden", "true");
    let hiding;
    const tell = (words) => {
      hint.textContent = words;
      hint.hidden = false;
      window.clearTimeout(hiding);
      hiding = window.setTimeout(() => { hint.hidden = true; }, 1400);
    };
    const whole = () => isWhole(box);
    // While it is caught here, Leaflet does not see it.
    box.addEventListener("wheel", (event) => {
      if (event.ctrlKey || event.metaKey || whole()) { hint.hidden = true; return; }
      event.stopPropagation();
      tell(text(/Mac|iP/.test(navigator.platform) ? "WheelMac" : "Wheel"));
    }, { capture: true, passive: true });
    box.addEventListener("pointerdown", (event) => {
      map.dragging[event.pointerType === "touch" && !whole() ? "disable" : "enable"]();
    }, { capture: true });
    box.addEventListener("touchmove", (event) => {
      if (event.touches.length > 1 || whole()) hint.hidden = true;
      else tell(text("Fingers"));
    }, { capture: true, passive: true });
  }

  const SIGNS = {
    locate: "M12 5a7 7 0 1 0 0 14a7 7 0 1 0 0-14zM12 1v6M12 17v6M1 12h6M17 12h6",
    full: "M3 9V3h6M21 9V3h-6M3 15v6h6M21 15v6h-6",
  };
  function sign(name) {
    const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
    svg.setAttribute("viewBox", "0 0 24 24");
    svg.setAttribute("aria-hidden", "true");
    path.setAttribute("d", SIGNS[name]);
    svg.append(path);
    return svg;
  }

  function button(map, position, name, label, act) {
    const control = L.control({ position });
    control.onAdd = () => {
      const bar = L.DomUtil.create("div", `leaflet-bar map-${name}`);
      const link = L.DomUtil.create("a", "map-button", bar);
      link.href = "#";
      link.append(sign(name));
      link.title = label;
      link.setAttribute("role", "button");
      link.setAttribute("aria-label", label);
      L.DomEvent.disableClickPropagation(bar);
      L.DomEvent.on(link, "click", (event) => { L.DomEvent.preventDefault(event); act(); });
      return bar;
    };
    control.addTo(map);
  }

  // Leaflet writes "1000 ft" whatever the page's language is.
  function writeScale(line, words, ratio) {
    const [number, unit] = words.split(" ");
    const told = Number(number).toLocaleString(document.documentElement.lang);
    const said = unit === "ft" ? text("Feet").replace("#", told) : `${told}\u00a0${unit}`;
    L.Control.Scale.prototype._updateScale.call(this, line, said, ratio);
  }

  function furnish(map) {
    map.getContainer().addEventListener("keydown", ({ key }) => { if (key === "Escape") map.closePopup(); });
    map.attributionControl.setPrefix(false);
    const { units } = panel.dataset;
    const Scale = L.Control.Scale.extend({ _updateScale: writeScale });
    new Scale({ position: "topleft", metric: units !== "mi", imperial: units !== "km" }).addTo(map);
    const box = map.getContainer();
    for (const [name, label] of [["in", text("In")], ["out", text("Out")]]) {
      const link = box.querySelector(`.leaflet-control-zoom-${name}`);
      link.title = label;
      link.setAttribute("aria-label", label);
    }
    if (navigator.geolocation && window.isSecureContext) {
      button(map, "topright", "locate", text("Locate"), () => map.locate({ setView: true, maxZoom: 12 }));
      map.on("locationerror", () => { status.textContent = text("Denied"); });
      map.on("locationfound", ({ latlng }) => {
        const icon = L.divIcon({ className: "origin-pin origin-origin", html: symbol("origin"), iconSize: [22, 22] });
        L.marker(latlng, { icon, keyboard: false, title: text("Here"), alt: text("Here") }).addTo(map);
      });
    }
    button(map, "topright", "full", text("Full"), () => fillScreen(map));
  }

  async function start(map) {
    for (const item of legend.children) item.hidden = true; // those of the picture
    furnish(map);
    shareGestures(map);
    hasPictures = watchPictures(map);
    try {
      if (panel.closest("[data-pin]")) {
        const [middle] = origins();
        map.setView(middle || [39.5, -96], middle ? 13 : 4, { animate: false });
        panel.dispatchEvent(new CustomEvent("mapready", { bubbles: true, detail: { map } }));
      } else if (panel.dataset.source) showMany(map, await zonesAt(panel.dataset.source), !panel.dataset.source.includes("state="));
      else if (window.Supercluster) showMany(map, cards(), false);
      else showCards(map, cards());
    } catch {
      status.textContent = text("Failed");
    }
    if (panel.dataset.streets) showStreets(map);
    else if (!hasPictures) showBare(map).catch(() => {});
    panel.dataset.ready = "yes";
  }
  return { start, pinIcon };
})();
