// The layer of a saved map (maps/zone_map.py) in the page that folium wrote: places as JSON, their words from the list.
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

  // Zones at one spot stand side by side.
  const places = () => {
    const before = new Map();
    return data.places.map((at, index) => {
      const spot = at.join();
      const beside = before.get(spot) || 0;
      before.set(spot, beside + 1);
      return { at, index, right: data.beside * beside };
    });
  };

  function named(marker, words) {
    return marker.on("add", () => {
      marker.getElement().setAttribute("role", "button");
      marker.getElement().setAttribute("aria-label", words);
    });
  }

  function pin(map, { at, index, right }) {
    const item = document.getElementById(`place-${index + 1}`);
    const name = item.querySelector("h2").textContent;
    const symbol = item.querySelector("svg").cloneNode(true);
    const down = -symbol.viewBox.baseVal.y; // to the place, from the top
    const icon = L.divIcon({ className: "pin", html: symbol, iconSize: [32, 38], iconAnchor: [16 - right, down], popupAnchor: [right, 6 - down] });
    const marker = L.marker(at, { icon, title: name, riseOnHover: true, zIndexOffset: -1000 * index });
    // Clear of the buttons, also on a phone.
    const room = { maxHeight: 220, maxWidth: Math.min(300, map.getSize().x - 130), autoPanPaddingBottomRight: [64, 10] };
    return named(marker, `${index + 1}: ${name}`).bindPopup(() => popup(item), room);
  }

  function cluster(map, index, item, at) {
    const count = item.properties.point_count;
    const size = count < 10 ? 36 : count < 100 ? 44 : 52;
    const words = Object.assign(document.createElement("span"), { textContent: count });
    const marker = L.marker(at, { icon: L.divIcon({ className: "cluster", html: words, iconSize: [size, size] }) });
    const open = () => map.setView(at, index.getClusterExpansionZoom(item.id));
    marker.on("click", open).on("keypress", ({ originalEvent: { key } }) => { if (key === "Enter") open(); });
    return named(marker, `${count} places`);
  }

  // Answers what is shown where: the place, and pixels to the left, up, right and down of it.
  function showPlaces(map) {
    if (window.Supercluster) return showClusters(map);
    for (const place of places()) pin(map, place).addTo(map);
    return () => data.places.map((at) => [at, 18, 38, 18, 16]);
  }

  // Many: what would lie on each other is one, and only what is in view becomes an element.
  function showClusters(map) {
    const points = places().map((place) => (
      { type: "Feature", geometry: { type: "Point", coordinates: [place.at[1], place.at[0]] }, properties: { place } }
    ));
    const index = new Supercluster({ radius: 64, extent: 256, maxZoom: Math.min(map.getMaxZoom(), 17) - 1 }).load(points);
    const layer = L.layerGroup().addTo(map);
    let shown = new Map();
    const draw = () => {
      const view = map.getBounds().pad(0.1);
      const next = new Map();
      for (const item of index.getClusters([view.getWest(), view.getSouth(), view.getEast(), view.getNorth()], Math.round(map.getZoom()))) {
        const [lon, lat] = item.geometry.coordinates;
        const key = item.properties.cluster ? `c${item.id}` : `p${item.properties.place.index}`;
        next.set(key, shown.get(key) || (item.properties.cluster ? cluster(map, index, item, [lat, lon]) : pin(map, item.properties.place)));
      }
      for (const [key, marker] of shown) if (!next.has(key)) layer.removeLayer(marker);
      for (const [key, marker] of next) if (!shown.has(key)) layer.addLayer(marker);
      shown = next;
    };
    map.on("moveend", draw);
    draw();
    return () => [...shown].map(([key, marker]) => [marker.getLatLng(), ...(key[0] === "c" ? [28, 28, 28, 28] : [18, 38, 18, 16])]);
  }

  function showOutlines(map) {
    data.outlines.forEach((shape, index) => {
      const style = { className: `outline outline-${index}`, weight: 1 };
      L.geoJSON(shape, { style, interactive: false, pane: "tilePane", renderer: L.svg({ pane: "tilePane", padding: 1 }) }).addTo(map);
    });
  }

  // The larger towns first; no name on another or on a pin.
  function showTowns(map, spots) {
    const layer = L.layerGroup().addTo(map);
    const meet = (one, other) => one[0] < other[2] && other[0] < one[2] && one[1] < other[3] && other[1] < one[3];
    const write = () => {
      layer.clearLayers();
      const pixels = (at) => map.project(at);
      const taken = spots().map(([at, left, up, right, down]) => {
        const { x, y } = pixels(at);
        return [x - left, y - up, x + right, y + down];
      });
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
    map.on(window.Supercluster ? "moveend" : "zoomend", write);
    write();
  }

  function start(map) {
    document.documentElement.classList.add("live");
    map.invalidateSize({ animate: false });
    map.attributionControl.setPrefix(false);
    map.getContainer().addEventListener("keydown", ({ key }) => { if (key === "Escape") map.closePopup(); });
    L.control.scale({ position: "bottomleft", metric: data.metric, imperial: !data.metric }).addTo(map);
    if (data.first) map.options.zoomSnap = 0.25; // between two levels a continent just fits
    map.fitBounds(data.first || data.places, { padding: data.first ? [0, 0] : [40, 40], maxZoom: FIRST, animate: false });
    map.options.zoomSnap = 1;
    if (data.towns) {
      map.setMaxZoom(NEAREST_WITHOUT_STREETS);
      const edges = L.latLngBounds(data.edges);
      map.setMinZoom(Math.min(map.getZoom(), map.getBoundsZoom(edges, !data.first)));
      map.panInsideBounds(edges, { animate: false }); // else bounds pan slowly, and a press meanwhile is lost
      map.setMaxBounds(edges);
      showOutlines(map);
    }
    const spots = showPlaces(map);
    if (data.towns) showTowns(map, spots);
  }
  return { start };
})();
