// Names of towns on a map without streets, from our own gazetteer: the larger ones first; none on another or on a pin.
"use strict";

window.MapNames = (() => {
  const POINTED_ZOOM = 9;
  function show(map, panel, without, pointedFrom) {
    if (map.getPane("names")) return;
    const pane = map.createPane("names");
    pane.style.zIndex = 450;
    pane.setAttribute("aria-hidden", "true");
    const tiles = new Map();
    const measure = document.createElement("canvas").getContext("2d");
    const size = (people) => (people >= 200_000 ? 2 : people >= 40_000 ? 1 : 0);
    const family = getComputedStyle(panel).fontFamily;
    const FONTS = [`400 13px ${family}`, `600 14px ${family}`, `600 16px ${family}`];
    const tile = (z, x, y) => {
      const address = panel.dataset.names.replace("{z}", z).replace("{x}", x).replace("{y}", y);
      if (!tiles.has(address)) tiles.set(address, fetch(address).then((answer) => (answer.ok ? answer.json() : [])).catch(() => []));
      return tiles.get(address);
    };
    // The pixels that controls, pins and clusters take.
    const pins = () => {
      const box = map.getContainer().getBoundingClientRect();
      const taken = [...map.getContainer().querySelectorAll(".leaflet-control")].map((control) => {
        const { left, top, right, bottom } = control.getBoundingClientRect();
        return [left - box.left, top - box.top, right - box.left, bottom - box.top];
      });
      map.eachLayer((layer) => {
        const icon = layer instanceof L.Marker && layer.options.icon.options;
        if (!icon || !icon.iconSize) return;
        const [wide, high] = icon.iconSize;
        const at = map.latLngToContainerPoint(layer.getLatLng());
        const [left, top] = icon.iconAnchor || [wide / 2, high / 2];
        taken.push([at.x - left, at.y - top, at.x - left + wide, at.y - top + high]);
      });
      return taken;
    };
    const meet = (one, other) => one[0] < other[2] && other[0] < one[2] && one[1] < other[3] && other[1] < one[3];
    // At the edges of a view that holds hardly a name: which towns lie beyond, and how far.
    const ARROWS = ["→", "↘", "↓", "↙", "←", "↖", "↑", "↗"];
    const far = (meters) => {
      const unit = panel.dataset.units === "km" ? 1000 : 1609.344;
      return `${(meters / unit).toLocaleString(document.documentElement.lang, { maximumFractionDigits: 1 })} ${unit === 1000 ? "km" : "mi"}`;
    };
    const pointers = async (taken) => {
      const middle = map.getCenter();
      const { x: wide, y: high } = map.getSize();
      const seen = new Set();
      const many = 2 ** POINTED_ZOOM;
      const [x, y] = [column(middle.lng, many), row(middle.lat, many)];
      const around = await Promise.all([-1, 0, 1].flatMap((right) => [-1, 0, 1].map((down) => tile(POINTED_ZOOM, x + right, y + down))));
      const towns = around.flat().filter(([, lat, lon, people]) => people >= 2000 && !map.getBounds().contains([lat / 1e4, lon / 1e4]))
        .map(([name, lat, lon]) => ({ name, at: map.latLngToContainerPoint([lat / 1e4, lon / 1e4]), meters: middle.distanceTo([lat / 1e4, lon / 1e4]) }))
        .sort((one, other) => one.meters - other.meters);
      const names = [];
      for (const { name, at, meters } of towns) {
        const [right, down] = [at.x - wide / 2, at.y - high / 2];
        const direction = (Math.round(Math.atan2(down, right) / (Math.PI / 4)) + 8) % 8;
        if (seen.has(direction)) continue;
        measure.font = FONTS[0];
        const words = `${ARROWS[direction]} ${name} ${far(meters)}`;
        const half = measure.measureText(words).width / 2 + 8;
        const share = Math.min((wide / 2 - half) / Math.abs(right), (high / 2 - 14) / Math.abs(down));
        const spot = L.point(wide / 2 + right * share, high / 2 + down * share);
        const area = [spot.x - half, spot.y - 10, spot.x + half, spot.y + 10];
        if (taken.some((other) => meet(area, other))) continue;
        seen.add(direction);
        taken.push(area);
        names.push(label(words, 0, spot));
        if (names.length === 5) break;
      }
      return names;
    };
    const label = (words, size, spot) => {
      const element = Object.assign(document.createElement("span"), { className: `map-name map-name-${size} leaflet-zoom-hide`, textContent: words });
      L.DomUtil.setPosition(element, map.containerPointToLayerPoint(spot));
      return element;
    };
    const column = (lon, many) => Math.floor(((lon + 180) / 360) * many);
    const row = (lat, many) => Math.floor(((1 - Math.asinh(Math.tan((Math.max(Math.min(lat, 85), -85) * Math.PI) / 180)) / Math.PI) / 2) * many);
    let turn = 0;
    const write = async () => {
      const mine = ++turn;
      const level = Math.round(map.getZoom());
      const z = Math.min(Math.max(level - 2, 0), 12);
      const view = map.getBounds();
      const many = 2 ** z;
      const wanted = [];
      for (let x = column(view.getWest(), many); x <= column(view.getEast(), many); x += 1) {
        for (let y = row(view.getNorth(), many); y <= Math.min(row(view.getSouth(), many), many - 1); y += 1) wanted.push(tile(z, ((x % many) + many) % many, y));
      }
      const towns = (await Promise.all(wanted)).flat().sort((one, other) => other[3] - one[3]);
      if (mine !== turn) return;
      const taken = pins();
      const { x: wide, y: high } = map.getSize();
      const names = [];
      for (const [name, lat, lon, people] of towns) {
        const spot = [lat / 1e4, lon / 1e4];
        if ((!people && level < 12) || without?.contains(spot)) continue;
        const at = map.latLngToContainerPoint(spot);
        if (at.x < 0 || at.y < 0 || at.x > wide || at.y > high) continue;
        measure.font = FONTS[size(people)];
        const half = measure.measureText(name).width / 2 + 4;
        const area = [at.x - half, at.y - 10, at.x + half, at.y + 10];
        if (area[0] < 0 || area[2] > wide || taken.some((other) => meet(area, other))) continue;
        taken.push(area);
        names.push(label(name, size(people), at));
      }
      if (names.length < 3 && level > pointedFrom) names.push(...await pointers(taken));
      if (mine !== turn) return;
      pane.replaceChildren(...names);
      panel.dataset.named = names.length;
    };
    let due;
    const soon = () => {
      cancelAnimationFrame(due);
      due = requestAnimationFrame(write);
    };
    map.on("moveend viewreset", soon);
    map.on("layeradd layerremove", ({ layer }) => { if (layer instanceof L.Marker) soon(); });
    soon();
  }
  return { show };
})();
