// The layer of a saved map (maps/zone_map.py) in the frame that folium wrote: places as JSON, their words from the list.
// No text becomes HTML: nodes are copied, words are written with textContent.
"use strict";

window.SafeZones = (() => {
  const data = JSON.parse(document.getElementById("data").textContent);
  // Without streets nothing is seen from very near; with them their provider says how near.
  const NEAREST_WITHOUT_STREETS = 14;
  const FIRST = data.towns ? 11 : 15;

  // The name, where it is, and the way to all that the list says.
  function popup(item) {
    const box = document.createElement("div");
    const [name, where] = item.querySelectorAll("h2, p");
    const more = Object.assign(document.createElement("a"), { href: `#${item.id}`, textContent: "Hours, source and all else" });
    box.append(name.cloneNode(true), where.cloneNode(true), more);
    return box;
  }

  function showPlaces(map) {
    const before = new Map();
    data.places.forEach((at, index) => {
      const item = document.getElementById(`place-${index + 1}`);
      const name = item.querySelector("h2").textContent;
      const symbol = item.querySelector("svg").cloneNode(true);
      const spot = at.join();
      const beside = before.get(spot) || 0; // zones at one spot stand side by side
      before.set(spot, beside + 1);
      const right = data.beside * beside;
      const down = -symbol.viewBox.baseVal.y; // to the place, from the top
      const icon = L.divIcon({ className: "pin", html: symbol, iconSize: [32, 38], iconAnchor: [16 - right, down], popupAnchor: [right, 6 - down] });
      const marker = L.marker(at, { icon, title: name, riseOnHover: true, zIndexOffset: -1000 * index });
      marker.on("add", () => {
        marker.getElement().setAttribute("role", "button");
        marker.getElement().setAttribute("aria-label", `${index + 1}: ${name}`);
      });
      // Clear of the buttons, also on a phone.
      const room = { maxHeight: 220, maxWidth: Math.min(300, map.getSize().x - 130), autoPanPaddingBottomRight: [64, 10] };
      marker.bindPopup(() => popup(item), room).addTo(map);
    });
  }

  function showOutlines(map) {
    data.outlines.forEach((shape, index) => {
      const style = { className: `outline outline-${index}`, weight: 1 };
      L.geoJSON(shape, { style, interactive: false, pane: "tilePane", renderer: L.svg({ pane: "tilePane", padding: 1 }) }).addTo(map);
    });
  }

  // The larger towns first; no name on another or on a pin.
  function showTowns(map) {
    const layer = L.layerGroup().addTo(map);
    const meet = (one, other) => one[0] < other[2] && other[0] < one[2] && one[1] < other[3] && other[1] < one[3];
    const write = () => {
      layer.clearLayers();
      const pixels = (at) => map.project(at);
      const taken = data.places.map(pixels).map(({ x, y }) => [x - 18, y - 38, x + 18, y + 16]);
      for (const [name, lat, lon] of data.towns) {
        const { x, y } = pixels([lat, lon]);
        const half = name.length * 4 + 6;
        const area = [x - half, y - 11, x + half, y + 11];
        if (taken.some((other) => meet(area, other))) continue;
        taken.push(area);
        const words = Object.assign(document.createElement("span"), { textContent: name });
        L.marker([lat, lon], { icon: L.divIcon({ className: "town", html: words, iconSize: [2 * half, 22] }), interactive: false, keyboard: false, pane: "overlayPane" }).addTo(layer);
      }
    };
    map.on("zoomend", write);
    write();
  }

  function start(map) {
    document.documentElement.classList.add("live");
    map.invalidateSize({ animate: false });
    map.attributionControl.setPrefix(false);
    map.getContainer().addEventListener("keydown", ({ key }) => { if (key === "Escape") map.closePopup(); });
    L.control.scale({ position: "bottomleft", metric: data.metric, imperial: !data.metric }).addTo(map);
    map.fitBounds(data.places, { padding: [40, 40], maxZoom: FIRST, animate: false });
    if (data.towns) {
      map.setMaxZoom(NEAREST_WITHOUT_STREETS);
      const edges = L.latLngBounds(data.edges);
      map.setMinZoom(Math.min(map.getZoom(), map.getBoundsZoom(edges, true)));
      map.setMaxBounds(edges);
      showOutlines(map);
      showTowns(map);
    }
    showPlaces(map);
  }
  return { start };
})();
