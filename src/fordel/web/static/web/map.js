/* A map without tiles, in metres of EPSG:25832. All it can do, the form beside it can do as well. */
(() => {
  const box = document.getElementById("live-map");
  if (!box || typeof L === "undefined") return;
  const told = box.dataset;
  const SIDE = 11; // pixels
  const NEAR = 2.5; // zoom from which settlements are shown: about 6 pixels a kilometre
  const spot = (east, north) => L.latLng(north, east);
  const plain = L.extend({}, L.CRS.Simple, { transformation: new L.Transformation(0.001, 0, -0.001, 0) });
  let map, practices, towns, tried;
  const where = new Map();

  const asked = (name) => [...document.querySelectorAll(`#what-if input[name=${name}][type=hidden]`)].map((i) => i.value);

  function address(name, value) {
    const pairs = ["lukket", "ny"].flatMap((n) => asked(n).map((v) => [n, v]));
    const capacities = document.getElementById("kapaciteter");
    if (capacities && capacities.value !== "1") pairs.push(["kapaciteter", capacities.value]);
    return `${told.whatIf}?${new URLSearchParams([...pairs, [name, value]])}`;
  }

  /* A link that asks the what-if; where its answer has a place on the page, it comes there. */
  function tryIt(text, name, value) {
    const link = document.createElement("a");
    link.className = "button button-secondary";
    link.href = address(name, value);
    link.textContent = text;
    if (document.getElementById("answer")) {
      const how = { get: link.href, target: "#answer", select: "#answer", swap: "outerHTML show:#answer:top", "push-url": "true" };
      for (const [key, to] of Object.entries(how)) link.setAttribute(`hx-${key}`, to);
      htmx.process(link);
      link.addEventListener("click", () => map.closePopup());
    }
    return link;
  }

  function bubble(title, lines, ...links) {
    const all = document.createElement("div");
    const head = document.createElement("strong");
    head.textContent = title;
    all.append(head);
    for (const line of lines) all.append(Object.assign(document.createElement("p"), { textContent: line }));
    all.append(...links);
    return all;
  }

  function practiceBubble([id, name, , , isOpen, patients]) {
    const page = Object.assign(document.createElement("a"), { href: `${told.practice}${id}/`, textContent: id });
    const state = isOpen ? told.isOpen : told.isClosed;
    const count = `${told.patients}: ${patients.toLocaleString(document.documentElement.lang)}`;
    return bubble(name, [`${state}. ${count}`], page, document.createElement("br"), tryIt(told.close, "lukket", id));
  }

  function draw(places) {
    if (places.grid) {
      const g = places.grid;
      L.imageOverlay(g.href, [[g.south, g.west], [g.north, g.east]], { className: "cells" }).addTo(map);
    }
    const borders = places.outlines.map((ring) => ring.map(([east, north]) => spot(east, north)));
    L.polyline(borders, { color: "#333", weight: 0.7, interactive: false, smoothFactor: 0.5 }).addTo(map);
    practices = L.layerGroup().addTo(map);
    for (const one of places.practices) {
      const [id, name, east, north, isOpen] = one;
      where.set(id, spot(east, north));
      const look = { radius: 5, weight: 1.5, color: isOpen ? "#fff" : "#000", fillColor: isOpen ? "#000" : "#fff", fillOpacity: 1 };
      L.circleMarker(spot(east, north), look).bindTooltip(name).bindPopup(() => practiceBubble(one)).addTo(practices);
    }
    towns = L.layerGroup();
    for (const [id, name, east, north] of places.settlements) {
      where.set(String(id), spot(east, north));
      const town = L.rectangle(square(north, east), { weight: 2, color: "#00563f", fillColor: "#fff", fillOpacity: 0.9 })
        .bindTooltip(name)
        .bindPopup(() => bubble(name, [], tryIt(told.open, "ny", String(id))))
        .addTo(towns);
      town.middle = [north, east];
    }
    tried = L.layerGroup().addTo(map);
    const ends = [...borders.flat(), ...where.values()];
    if (ends.length) map.fitBounds(L.latLngBounds(ends), { animate: false });
  }

  function mark() {
    if (!tried) return;
    tried.clearLayers();
    for (const id of [...asked("lukket"), ...asked("ny")]) {
      if (where.has(id)) L.circleMarker(where.get(id), { radius: 10, weight: 3, color: "#a3005f", fill: false, interactive: false }).addTo(tried);
    }
  }

  /* A square that is as large on the screen however far the map is enlarged. */
  function square(north, east) {
    const half = (SIDE / 2) * (1000 / 2 ** map.getZoom());
    return [[north - half, east - half], [north + half, east + half]];
  }

  function zoomed() {
    if (!towns) return;
    if (map.getZoom() < NEAR) return void towns.remove();
    towns.eachLayer((town) => town.setBounds(square(...town.middle)));
    towns.addTo(map);
    for (const above of [practices, tried]) above.eachLayer((one) => one.bringToFront());
  }

  fetch(told.places, { headers: { Accept: "application/json" } })
    .then((answer) => (answer.ok ? answer.json() : Promise.reject(new Error(answer.statusText))))
    .then((places) => {
      box.hidden = false;
      document.getElementById("map-key").hidden = false;
      const still = document.getElementById("still-map");
      if (still) still.classList.add("only-print");
      const zoom = L.control.zoom({ zoomInTitle: told.zoomIn, zoomOutTitle: told.zoomOut });
      const how = { crs: plain, minZoom: -1, maxZoom: 7, zoomSnap: 0.5, preferCanvas: true, zoomControl: false, attributionControl: false };
      map = L.map(box, how);
      zoom.addTo(map);
      L.control.scale({ imperial: false }).addTo(map);
      map.setView(spot(600000, 6200000), 0);
      draw(places);
      map.on("zoomend", zoomed);
      zoomed();
      mark();
      document.body.addEventListener("htmx:afterSettle", mark);
    })
    .catch(() => {
      box.hidden = true;
      document.getElementById("map-failed").hidden = false;
    });
})();
