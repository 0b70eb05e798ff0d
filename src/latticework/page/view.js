/* What the reader has chosen, and the address that keeps it, to be sent to somebody.

   One object, `view`, holds it all; every change goes through `show` (in main.js), which draws
   again and writes the address. */

const LAYOUTS = ["ring", "map"];
const WHOLES = ["ties", "hulls", "nodes"];
const EXTRAS = ["threats", "undated", "divergences", "meetings", "never"];
const SPANS = [0, 1, 2, 5, 10, 20]; // years of the window; 0 is an instant
const ZOOMS = ["all", "15", "3"]; // years that the time axis shows

const allLayers = facts.layers.map((layer) => layer.id);
const countedLayers = facts.layers.filter((layer) => layer.counted).map((layer) => layer.id);
const allSources = Object.keys(facts.sources);

const view = {
  date: facts.last,
  lang: navigator.language.startsWith("zh") ? "zh" : "en",
  layers: new Set(countedLayers), // the others are drawn when they are switched on
  sources: new Set(allSources),
  without: new Set(), // arrangements that are left out
  least: 1, // least number of arrangements that two states share
  layout: "ring",
  whole: "ties", // how arrangements of three or more are shown
  extras: new Set(), // what is drawn beside the ties
  span: 0,
  zoom: "all",
  stage: "web", // which of the VIEWS stands in the middle
  selected: "", // a state, an arrangement, a tie, a meeting, ... or "measure:..."
};

/** The days that are looked at: one, or all from the beginning of the window. */
function days() {
  if (!view.span) return [view.date, view.date];
  return [clamp(yearsBefore(view.date, view.span)), view.date];
}

/** The day after the same day so many years ago, so that the window is that long. */
function yearsBefore(date, years) {
  const [year, month, day] = date.split("-").map(Number);
  return iso(Date.UTC(year - years, month - 1, day + 1) / DAY);
}

const filtered = () => view.sources.size < allSources.length || view.without.size > 0 || view.least > 1;

/* The parts of an address: how each is written (nothing where it is as at first) and read. */
const many = (key, all, usual = all) => ({
  write: () => (view[key].size !== usual.length || usual.some((id) => !view[key].has(id)) ? [...view[key]].sort().join(",") : ""),
  read: (text) => new Set(text.split(",").filter((id) => all.includes(id))),
  empty: () => view[key].size === 0,
});
const one = (key, all, first = String(view[key])) => ({
  write: () => (String(view[key]) === first ? "" : String(view[key])),
  read: (text) => (all.map(String).includes(text) ? all.find((item) => String(item) === text) : undefined),
});
const ADDRESS = {
  date: { write: () => view.date, read: (text) => (isDay(text) ? clamp(text) : undefined) },
  lang: { write: () => view.lang, read: (text) => (own(LANGUAGES, text) ? text : undefined) },
  layers: many("layers", allLayers, countedLayers),
  sources: many("sources", allSources),
  without: {
    write: () => [...view.without].sort().join(","),
    read: (text) => new Set(text.split(",").filter((id) => own(facts.arrangements, id))),
  },
  least: { write: () => (view.least > 1 ? String(view.least) : ""), read: (text) => Math.min(99, Math.max(1, Math.trunc(Number(text)) || 1)) },
  layout: one("layout", LAYOUTS),
  whole: one("whole", WHOLES),
  extras: { write: () => [...view.extras].sort().join(","), read: (text) => new Set(text.split(",").filter((id) => EXTRAS.includes(id))) },
  span: one("span", SPANS),
  zoom: one("zoom", ZOOMS),
  view: { key: "stage", write: () => (view.stage === "web" ? "" : view.stage), read: (text) => (VIEWS.some(({ id }) => id === text) ? text : undefined) },
  select: { key: "selected", write: () => view.selected, read: (id) => (known(id) ? id : "") },
};
const first = { ...view };

function writeAddress() {
  const parts = Object.entries(ADDRESS)
    .map(([name, part]) => [name, part.write(), part.empty?.()])
    .filter(([, text, empty]) => text || empty)
    .map(([name, text]) => `${name}=${encodeURIComponent(text).replaceAll("%3A", ":").replaceAll("%2C", ",")}`);
  const address = `#${parts.join("&")}`;
  if (location.hash !== address) history.replaceState(null, "", address);
}

/** What an address asks for; what it leaves out is as at first, what it gets wrong stays. */
function readAddress() {
  const asked = new URLSearchParams(location.hash.slice(1));
  const found = {};
  for (const [name, part] of Object.entries(ADDRESS)) {
    const key = part.key ?? name;
    const text = asked.get(name);
    const value = text === null ? undefined : part.read(text);
    if (value !== undefined) found[key] = value;
    else if (text === null && !["date", "lang"].includes(name)) found[key] = first[key];
  }
  return found;
}

/* A page opened as a file may have no storage; it then forgets. */
function keep(key, value) {
  try { localStorage.setItem(`latticework-${key}`, value); } catch { /* no storage */ }
}
function kept(key) {
  try { return localStorage.getItem(`latticework-${key}`); } catch { return null; }
}
