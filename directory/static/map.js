// The zones on the map that folium framed. Every text from a zone is written with textContent, never as HTML.
"use strict";

window.SafeZones = (() => {
  const panel = document.querySelector("[data-map]");
  const text = (name) => panel.dataset[`text${name}`];
  const status = panel.querySelector("[data-map-status]");

  function pin(zone) {
    const unsure = zone.kind === 1 ? `, ${text("Unsure")}` : zone.kind === 2 ? `, ${text("Gone")}` : "";
    const marker = L.marker([zone.lat, zone.lon], {
      icon: L.divIcon({ className: `zone-pin zone-pin-${zone.kind}`, iconSize: [32, 32], iconAnchor: [16, 28], popupAnchor: [0, -24] }),
      title: zone.name,
      riseOnHover: true,
    });
    marker.on("add", () => {
      const element = marker.getElement();
      element.setAttribute("role", "button");
      if (!unsure && panel.dataset.source) element.lang = panel.dataset.lang;
      element.setAttribute("aria-label", `${zone.name}, ${zone.town}${unsure}`);
    });
    marker.bindPopup(() => popup(zone));
    return marker;
  }

  function popup(zone) {
    const box = document.createElement("div");
    const name = document.createElement("p");
    const link = document.createElement("a");
    link.href = panel.dataset.zoneUrl.replace("ZONE", encodeURIComponent(zone.id));
    link.textContent = zone.name;
    // Cards name a place in the reader's language; a source gives its words as they are.
    if (panel.dataset.source) link.lang = panel.dataset.lang;
    name.append(link);
    const town = document.createElement("p");
    town.textContent = zone.town;
    box.append(name, town);
    return box;
  }

  const cards = () => [...document.querySelectorAll("[data-cards] [data-zone]")].map((card) => ({
    card, id: card.dataset.zone, lat: +card.dataset.lat, lon: +card.dataset.lon,
    name: card.dataset.name, town: card.dataset.town, kind: +card.dataset.kind,
  }));

  // The places that the zones are seen from: one, several, or none.
  const origins = () => (panel.dataset.origins || "").trim().split(" ").filter(Boolean).map((point) => point.split(",").map(Number));

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
    const points = zones.map((zone) => [zone.lat, zone.lon]);
    for (const [number, origin] of origins().entries()) {
      const [className, title] = number ? ["origin-pin origin-other", text("Other")] : ["origin-pin", text("Origin")];
      L.marker(origin, { icon: L.divIcon({ className, iconSize: [24, 24] }), title, alt: title, keyboard: false, interactive: false }).addTo(map);
      points.unshift(origin);
    }
    if (points.length) map.fitBounds(points, { padding: [40, 40], maxZoom: 15, animate: false });
  }

  // Many zones: fetched by address, clustered, only what is in view becomes an element.
  async function showSource(map, source) {
    const answer = await fetch(source);
    if (!answer.ok) throw new Error(answer.status);
    // Column by column, positions in hundred-thousandths of a degree.
    const { id, lon, lat, name, town, kind } = await answer.json();
    const zones = id.map((_, at) => ({ id: id[at], lon: lon[at] / 1e5, lat: lat[at] / 1e5, name: name[at], town: town[at], kind: kind[at] }));
    const index = new Supercluster({ radius: 64, extent: 256, maxZoom: 16 }).load(zones.map((zone) => (
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
      map.fitBounds(L.latLngBounds(zones.map((zone) => [zone.lat, zone.lon])), { padding: [24, 24], maxZoom: 13, animate: false });
      if (map.getZoom() < 4 && !source.includes("state=")) map.setView([39.5, -96], 4, { animate: false });
    }
    map.on("moveend", draw);
    draw();
  }
  function cluster(map, index, item, at) {
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

  // Background tiles may be blocked or down: then outlines, so that the pins do not float in the void.
  function watchTiles(map) {
    let loaded = false;
    let gone = false;
    const outlines = async (address, weight) => {
      const answer = await fetch(address).catch(() => null);
      if (answer?.ok) L.geoJSON(await answer.json(), { style: { color: "#6b7a80", weight, fill: false }, interactive: false }).addTo(map);
    };
    const fall = () => {
      if (loaded || gone) return;
      gone = true;
      status.textContent = text("NoTiles");
      outlines(panel.dataset.outlines, 1.2);
      const near = () => { if (map.getZoom() >= 7) { map.off("zoomend", near); outlines(panel.dataset.counties, 0.6); } };
      map.on("zoomend", near);
      near();
    };
    map.eachLayer((layer) => {
      if (!(layer instanceof L.TileLayer)) return;
      layer.on("tileload", () => { loaded = true; });
      layer.on("tileerror", fall);
    });
    window.setTimeout(fall, 1800);
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
      const bar = L.DomUtil.create("div", "leaflet-bar");
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

  function furnish(map) {
    map.attributionControl.setPrefix(false);
    const box = map.getContainer();
    for (const [name, label] of [["in", text("In")], ["out", text("Out")]]) {
      const link = box.querySelector(`.leaflet-control-zoom-${name}`);
      link.title = label;
      link.setAttribute("aria-label", label);
    }
    if (navigator.geolocation && window.isSecureContext) {
      button(map, "topleft", "locate", text("Locate"), () => map.locate({ setView: true, maxZoom: 12 }));
      map.on("locationerror", () => { status.textContent = text("Denied"); });
      map.on("locationfound", ({ latlng }) => L.circleMarker(latlng, { radius: 9, color: "#d9480f" }).bindTooltip(text("Here")).addTo(map));
    }
    if (document.fullscreenEnabled) {
      button(map, "topright", "full", text("Full"), () => (document.fullscreenElement ? document.exitFullscreen() : box.requestFullscreen()));
    }
  }

  async function start(map) {
    furnish(map);
    watchTiles(map);
    try {
      if (panel.closest("[data-pin]")) {
        const [middle] = origins();
        map.setView(middle || [39.5, -96], middle ? 13 : 4, { animate: false });
        panel.dispatchEvent(new CustomEvent("mapready", { bubbles: true, detail: { map } }));
      } else if (panel.dataset.source) await showSource(map, panel.dataset.source);
      else showCards(map, cards());
    } catch {
      status.textContent = text("Failed");
    }
    panel.dataset.ready = "yes";
  }
  return { start };
})();
