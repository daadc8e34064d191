// Names of towns on a map without streets, from our own gazetteer: the larger ones first; none on another or on a pin.
"use strict";

window.MapNames = (() => {
  const DEEPEST_TILE = 12;
  const EVERY_PLACE_ZOOM = 12; // nearer, places of which nobody stated the residents are named too
  const POINTED_ZOOM = 9;
  const LEAST_POINTED = 2000;
  const MOST_POINTERS = 5;
  const ARROWS = ["→", "↘", "↓", "↙", "←", "↖", "↑", "↗"];

  const column = (lon, many) => Math.floor(((lon + 180) / 360) * many);
  const row = (lat, many) => Math.floor(((1 - Math.asinh(Math.tan((Math.max(Math.min(lat, 85), -85) * Math.PI) / 180)) / Math.PI) / 2) * many);
  const sizeOf = (people) => (people >= 200_000 ? 2 : people >= 40_000 ? 1 : 0);
  const meet = (one, other) => one[0] < other[2] && other[0] < one[2] && one[1] < other[3] && other[1] < one[3];

  // The towns of a tile as [name, latitude, longitude, people], in ten-thousandths of a degree; asked for once.
  function tileReader(panel) {
    const tiles = new Map();
    return (z, x, y) => {
      const address = panel.dataset.names.replace("{z}", z).replace("{x}", x).replace("{y}", y);
      if (!tiles.has(address)) tiles.set(address, fetch(address).then((answer) => (answer.ok ? answer.json() : [])).catch(() => []));
      return tiles.get(address);
    };
  }

  // Pixels from the middle of a text to its end, in each of three sizes.
  function textMeasure(panel) {
    const context = document.createElement("canvas").getContext("2d");
    const family = getComputedStyle(panel).fontFamily;
    const fonts = [`400 13px ${family}`, `600 14px ${family}`, `600 16px ${family}`];
    return (text, size) => {
      context.font = fonts[size];
      return context.measureText(text).width / 2;
    };
  }

  // The pixels that controls, pins and clusters take.
  function occupied(map) {
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
  }

  function label(map, text, size, spot) {
    const element = Object.assign(document.createElement("span"), { className: `map-name map-name-${size} leaflet-zoom-hide`, textContent: text });
    L.DomUtil.setPosition(element, map.containerPointToLayerPoint(spot));
    return element;
  }

  function distanceText(meters, units) {
    const [unit, name] = units === "km" ? [1000, "km"] : [1609.344, "mi"];
    return `${(meters / unit).toLocaleString(document.documentElement.lang, { maximumFractionDigits: 1 })} ${name}`;
  }

  async function townsInView(map, readTile) {
    const z = Math.min(Math.max(Math.round(map.getZoom()) - 2, 0), DEEPEST_TILE);
    const view = map.getBounds();
    const many = 2 ** z;
    const wanted = [];
    for (let x = column(view.getWest(), many); x <= column(view.getEast(), many); x += 1) {
      for (let y = row(view.getNorth(), many); y <= Math.min(row(view.getSouth(), many), many - 1); y += 1) wanted.push(readTile(z, ((x % many) + many) % many, y));
    }
    return (await Promise.all(wanted)).flat().sort((one, other) => other[3] - one[3]);
  }

  // The towns outside of the view that somebody may know, the nearest first.
  async function townsAround(map, readTile) {
    const middle = map.getCenter();
    const many = 2 ** POINTED_ZOOM;
    const [x, y] = [column(middle.lng, many), row(middle.lat, many)];
    const around = await Promise.all([-1, 0, 1].flatMap((right) => [-1, 0, 1].map((down) => readTile(POINTED_ZOOM, x + right, y + down))));
    return around.flat().filter(([, lat, lon, people]) => people >= LEAST_POINTED && !map.getBounds().contains([lat / 1e4, lon / 1e4]))
      .map(([name, lat, lon]) => ({ name, at: map.latLngToContainerPoint([lat / 1e4, lon / 1e4]), meters: middle.distanceTo([lat / 1e4, lon / 1e4]) }))
      .sort((one, other) => one.meters - other.meters);
  }

  // The names in view; where they lie is added to what is taken.
  function labels(map, towns, without, halfWidth, taken) {
    const { x: wide, y: high } = map.getSize();
    const isFar = Math.round(map.getZoom()) < EVERY_PLACE_ZOOM;
    const names = [];
    for (const [name, lat, lon, people] of towns) {
      const spot = [lat / 1e4, lon / 1e4];
      if ((!people && isFar) || without?.contains(spot)) continue;
      const at = map.latLngToContainerPoint(spot);
      if (at.x < 0 || at.y < 0 || at.x > wide || at.y > high) continue;
      const half = halfWidth(name, sizeOf(people)) + 4;
      const area = [at.x - half, at.y - 10, at.x + half, at.y + 10];
      if (area[0] < 0 || area[2] > wide || taken.some((other) => meet(area, other))) continue;
      taken.push(area);
      names.push(label(map, name, sizeOf(people), at));
    }
    return names;
  }

  // At the edges of a view that holds hardly a name: which towns lie outside, in which direction, and how far.
  function pointers(map, towns, units, halfWidth, taken) {
    const { x: wide, y: high } = map.getSize();
    const seen = new Set();
    const names = [];
    for (const { name, at, meters } of towns) {
      const [right, down] = [at.x - wide / 2, at.y - high / 2];
      const direction = (Math.round(Math.atan2(down, right) / (Math.PI / 4)) + 8) % 8;
      if (seen.has(direction)) continue;
      const text = `${ARROWS[direction]} ${name} ${distanceText(meters, units)}`;
      const half = halfWidth(text, 0) + 8;
      const share = Math.min((wide / 2 - half) / Math.abs(right), (high / 2 - 14) / Math.abs(down));
      const spot = L.point(wide / 2 + right * share, high / 2 + down * share);
      const area = [spot.x - half, spot.y - 10, spot.x + half, spot.y + 10];
      if (taken.some((other) => meet(area, other))) continue;
      seen.add(direction);
      taken.push(area);
      names.push(label(map, text, 0, spot));
      if (names.length === MOST_POINTERS) break;
    }
    return names;
  }

  function show(map, panel, without, pointedFrom) {
    if (map.getPane("names")) return;
    const pane = map.createPane("names");
    pane.style.zIndex = 450;
    pane.setAttribute("aria-hidden", "true");
    const readTile = tileReader(panel);
    const halfWidth = textMeasure(panel);
    let turn = 0;
    const write = async () => {
      const mine = ++turn;
      const towns = await townsInView(map, readTile);
      if (mine !== turn) return; // the map moved on meanwhile
      const taken = occupied(map);
      const names = labels(map, towns, without, halfWidth, taken);
      if (names.length < 3 && Math.round(map.getZoom()) > pointedFrom) {
        const around = await townsAround(map, readTile);
        if (mine !== turn) return;
        names.push(...pointers(map, around, panel.dataset.units, halfWidth, taken));
      }
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
