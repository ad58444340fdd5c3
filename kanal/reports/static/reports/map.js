// The map of the form. Loaded, together with Leaflet, only when somebody opens it.
"use strict";
(() => {
  const NAMES_FROM = 12; // zoom from which villages carry their names
  const MOST_NAMES = 60;
  const PIN = '<svg viewBox="0 0 24 32" width="30" height="40"><path d="M12 31C4 20 1 16 1 11a11 11 0 0 1 22 0c0 5-3 9-11 20z"/><circle cx="12" cy="11" r="4"/></svg>';
  const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

  const names = (map, facts) => {
    const layer = L.layerGroup().addTo(map);
    const draw = () => {
      layer.clearLayers();
      const near = map.getZoom() >= NAMES_FROM;
      const rows = near ? facts.villages.map(([, name, lat, lon]) => [name, lat, lon]) : facts.districts;
      const bounds = map.getBounds();
      rows.filter(([, lat, lon]) => bounds.contains([lat, lon])).slice(0, MOST_NAMES).forEach(([name, lat, lon]) => {
        const text = document.createElement("span");
        text.textContent = name;
        L.tooltip({ permanent: true, direction: near ? "bottom" : "center", className: near ? "name" : "name name--big", interactive: false })
          .setLatLng([lat, lon]).setContent(text).addTo(layer);
      });
    };
    map.on("moveend", draw);
    draw();
  };

  const ground = (map, facts) => {
    const line = { color: colour("--edge"), weight: 1, fillColor: colour("--card"), fillOpacity: 1, interactive: false };
    facts.outlines.forEach((rings) => L.polygon(rings.map((ring) => [ring]), line).addTo(map));
    const dot = { radius: 3, stroke: false, fillColor: colour("--edge"), fillOpacity: 0.8, interactive: false };
    facts.villages.forEach(([, , lat, lon]) => L.circleMarker([lat, lon], dot).addTo(map));
    names(map, facts);
  };

  // Opens the map in `element`; `picked(lat, lon)` is told of every place somebody points at.
  window.kanalMap = async (element, { source, tiles, attribution, picked }) => {
    const facts = await (await fetch(source)).json();
    const map = L.map(element, { preferCanvas: true, attributionControl: Boolean(tiles), maxBoundsViscosity: 0.8, minZoom: 9 });
    if (facts.bounds && facts.bounds.length) map.fitBounds(facts.bounds).setMaxBounds(L.latLngBounds(facts.bounds).pad(0.3));
    else map.setView([facts.districts[0][1], facts.districts[0][2]], 10);
    if (tiles) {
      L.tileLayer(tiles, { attribution, maxZoom: 19 }).addTo(map);
      map.attributionControl.setPrefix(false); // the credit of the map's makers stays, the library's own line does not
    }
    else ground(map, facts);
    let marker = null;
    const icon = L.divIcon({ className: "pin-mark", html: PIN, iconSize: [30, 40], iconAnchor: [15, 39] });
    const show = (lat, lon, closer) => {
      if (marker) marker.setLatLng([lat, lon]);
      else {
        marker = L.marker([lat, lon], { icon, draggable: true, keyboard: false, alt: "" }).addTo(map);
        marker.on("dragend", () => picked(marker.getLatLng().lat, marker.getLatLng().lng));
      }
      if (closer) map.setView([lat, lon], Math.max(map.getZoom(), tiles ? 15 : 13));
    };
    map.on("click", (event) => picked(event.latlng.lat, event.latlng.lng));
    return {
      show,
      clear: () => { if (marker) marker.remove(); marker = null; },
      centre: () => map.getCenter(),
    };
  };
})();
