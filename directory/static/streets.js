// The basemap: one file of streets (PMTiles, Protomaps' schema), drawn by protomaps-leaflet in the colours of tokens.css.
"use strict";

window.Streets = (() => {
  const { CenteredTextSymbolizer, LineLabelSymbolizer, LineSymbolizer, PolygonSymbolizer, exp } = protomapsL;
  const token = (name) => getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
  const font = (style) => `${style} ${token("font")}`;
  const CREDIT = '<a href="https://www.openstreetmap.org/copyright">© OpenStreetMap contributors</a>, <a href="https://protomaps.com">Protomaps</a>';

  const PARKS = ["park", "national_park", "nature_reserve", "protected_area", "forest", "wood", "cemetery", "golf_course", "grass",
    "grassland", "scrub", "village_green", "playground", "recreation_ground", "pitch", "allotments"];
  // Kind of road → the zoom from which it is drawn, and its width in pixels at some zooms.
  const ROADS = [
    ["path", 15, [[15, 0.6], [19, 3]]],
    ["other", 14, [[14, 0.5], [19, 6]]],
    ["minor_road", 12, [[12, 0.6], [14, 2], [16, 6], [19, 16]]],
    ["major_road", 8, [[8, 0.6], [12, 2.2], [15, 6], [19, 20]]],
    ["highway", 5, [[5, 0.8], [9, 1.8], [12, 3.2], [15, 8], [19, 24]]],
  ];
  const PLACES = [ // the least rank of population, size and weight of its name, the zoom from which it is written
    [11, "600 16px", 4], [9, "600 15px", 6], [7, "600 14px", 8], [5, "400 13px", 10], [0, "400 13px", 11],
  ];

  const of = (...kinds) => (zoom, feature) => kinds.includes(feature.props.kind);
  const fill = (dataLayer, colour, filter, more) => ({ dataLayer, symbolizer: new PolygonSymbolizer({ fill: token(colour) }), filter, ...more });
  const line = (dataLayer, options, filter, minzoom) => ({ dataLayer, minzoom, filter, symbolizer: new LineSymbolizer(options) });

  function road([kind, minzoom, widths], casing) {
    const width = exp(1.6, widths);
    const options = { color: token(casing ? "map-edge" : "map-road"), width: (zoom) => width(zoom) + (casing ? 1.6 : 0), lineCap: "round", lineJoin: "round" };
    return line("roads", options, of(kind), minzoom);
  }

  const paint = () => [
    fill("earth", "map-land"),
    fill("landuse", "map-town", of("residential", "urban_area", "school", "university", "college", "hospital", "industrial", "commercial"), { minzoom: 10 }),
    fill("landuse", "map-park", of(...PARKS), { minzoom: 8 }),
    fill("water", "map-water", (zoom, feature) => feature.geomType === 3),
    line("water", { color: token("map-water"), width: exp(1.6, [[9, 0.6], [14, 2], [18, 8]]) }, (zoom, feature) => feature.geomType === 2, 9),
    fill("buildings", "map-town", undefined, { minzoom: 15 }),
    line("boundaries", { color: token("map-border"), width: 1, dash: [4, 3] }, (zoom, feature) => feature.props.kind_detail <= 4),
    line("boundaries", { color: token("map-border"), width: 0.6, dash: [2, 3] }, (zoom, feature) => feature.props.kind_detail > 4, 8),
    line("roads", { color: token("map-border"), width: 0.9, dash: [1, 2] }, of("rail"), 11),
    ...ROADS.map((kind) => road(kind, true)),
    ...ROADS.map((kind) => road(kind, false)),
  ];

  function labels(language) {
    // The page's language, else what the place calls itself.
    const labelProps = [`name:${language}`, "name", "name:en"];
    const halo = { labelProps, fill: token("map-name"), stroke: token("map-land"), width: 3 };
    const rank = (feature) => feature.props.population_rank ?? 0;
    const text = (dataLayer, options, filter, more) => ({ dataLayer, symbolizer: new CenteredTextSymbolizer({ ...halo, lineHeight: 1.2, ...options }), filter, ...more });
    const along = (filter, minzoom) => ({ dataLayer: "roads", minzoom, filter, symbolizer: new LineLabelSymbolizer({ ...halo, font: font("400 12px") }) });
    const water = { fill: token("map-water-name"), stroke: token("map-water"), font: font("italic 400 12px") };
    return [
      text("places", { font: font("600 13px") }, of("country"), { maxzoom: 6 }),
      ...PLACES.map(([least, style, minzoom], at) => text("places", { font: font(style) }, (zoom, feature) => (
        feature.props.kind === "locality" && rank(feature) >= least && (!at || rank(feature) < PLACES[at - 1][0])
      ), { minzoom, sort: (one, other) => (other.population_rank ?? 0) - (one.population_rank ?? 0) })),
      text("places", { font: font("400 12px"), textTransform: "uppercase", letterSpacing: 1 }, of("region"), { minzoom: 4, maxzoom: 8 }),
      along(of("highway", "major_road"), 12),
      text("water", water, (zoom, feature) => feature.geomType === 1),
      text("places", { font: font("400 12px") }, of("neighbourhood", "macrohood"), { minzoom: 13 }),
      along(of("minor_road", "other"), 15),
    ];
  }

  // Puts the layer on the map; answers with the box that the file covers. `failed` is called when pieces of it do not come.
  async function show(map, url, failed) {
    const file = new protomapsL.PmtilesSource(url, true).p;
    const header = await file.getHeader();
    const tile = file.getZxy.bind(file);
    file.getZxy = (...place) => tile(...place).catch((error) => {
      if (error.name !== "AbortError") failed();
      throw error;
    });
    const language = document.documentElement.lang;
    const layer = protomapsL.leafletLayer({
      url: file, lang: language, attribution: CREDIT, maxDataZoom: header.maxZoom, minZoom: header.minZoom, maxZoom: 22,
      paintRules: paint(), labelRules: labels(language),
    });
    layer.addTo(map);
    window.matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
      layer.paintRules = paint();
      layer.labelRules = labels(language);
      layer.clearLayout();
      layer.rerenderTiles();
    });
    return { layer, bounds: L.latLngBounds([header.minLat, header.minLon], [header.maxLat, header.maxLon]) };
  }
  return { show };
})();
