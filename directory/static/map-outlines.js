// Land, shores and borders, where a map has no streets.
"use strict";

window.MapOutlines = (() => {
  // Far away a coarse file, near a finer one with county lines.
  const NEAR_ZOOM = 7;
  function show(map, panel) {
    if (map.getPane("land")) return Promise.resolve();
    for (const [name, zIndex] of [["land", 150], ["lines", 160]]) {
      map.createPane(name).style.zIndex = zIndex;
    }
    const layers = new Map();
    const fetched = (name, pane) => {
      if (!layers.has(name)) {
        const className = `map-${pane} map-${name}`;
        const renderer = L.svg({ pane, padding: 0.5 });
        layers.set(name, fetch(panel.dataset[name]).then((answer) => (answer.ok ? answer.json() : Promise.reject(answer.status)))
          .then((shape) => L.geoJSON(shape, { pane, renderer, style: { className, weight: 1 }, interactive: false })));
      }
      return layers.get(name);
    };
    const refresh = async () => {
      const near = map.getZoom() >= NEAR_ZOOM;
      const wanted = near ? [["near", "land"], ["counties", "lines"], ["borders", "lines"]] : [["land", "land"], ["borders", "lines"]];
      const shown = await Promise.all(wanted.map((each) => fetched(...each)));
      if (near !== map.getZoom() >= NEAR_ZOOM) return;
      shown.forEach((layer) => layer.addTo(map));
      const gone = await Promise.all([...layers.keys()].filter((name) => !wanted.some(([kept]) => kept === name)).map((name) => layers.get(name)));
      gone.forEach((layer) => layer.remove());
      panel.dataset.outlined = "yes";
    };
    map.on("zoomend", () => refresh().catch(() => {}));
    return refresh();
  }
  return { show };
})();
