/* The alliance web, in the browser: the data of the page, its texts, and elements made of them.

   The scripts of this folder are joined into one module, in the order of SCRIPTS in
   view/assemble.py; each has one job and may use what stands before it (and, within functions,
   what comes after). Blocks of JSON stand in the page: "network" (nodes and ties, from pyvis),
   "facts" (what is known of them), "words" (the texts in both languages), and whatever other
   parts bring. Nothing is fetched. All text goes in as text nodes, never as markup. */

const read = (id) => JSON.parse(document.getElementById(id)?.textContent ?? "null");
const { nodes, edges: ties, options } = read("network");
const facts = read("facts");
const words = read("words");

const LANGUAGES = { en: "en", zh: "zh-Hans" };
const MEASURES = ["mediated", "convened", "autonomous", "dependence"];

const byId = (id) => document.getElementById(id);
const tieById = new Map(ties.map((tie) => [tie.id, tie]));
const layerRank = new Map(facts.layers.map((layer) => [layer.id, layer.rank]));
const own = (table, id) => (Object.hasOwn(table, id) ? table[id] : undefined);

/** A text of the page; {n} is replaced, {n|tie|ties} picks a form by number. */
function say(key, values = {}) {
  return words[view.lang][key].replace(
    /\{(\w+)(?:\|([^|}]*)\|([^}]*))?\}/g,
    (_, name, one, many) => (one === undefined ? values[name] : values[name] === 1 ? one : many),
  );
}

const other = () => (view.lang === "en" ? "zh" : "en");
const named = (label) => label[view.lang];
const stateName = (id) => named(facts.states[id].name);
const arrangementName = (id) => named(facts.arrangements[id].name);
const sourceName = (id) => named(facts.sources[id].name);
const list = (names) => names.join(say("comma"));
const collate = (a, b) => a.localeCompare(b, LANGUAGES[view.lang]);
const pairName = (tie) => [tie.from, tie.to].map(stateName).sort(collate).join(" – ");
const percent = (share) => `${Math.round(share * 100)}%`;

/** A short form of a name for the drawing: an abbreviation in brackets, or what stands before. */
function shortName(label) {
  const name = named(label);
  const inside = name.match(/[（(]([A-Z][A-Z-]{1,7})[)）]\s*$/)?.[1];
  return inside ?? name.replace(/\s*[（(].*[)）]\s*$/, "").replace(/^[“"](.*)[”"]$/, "$1");
}

/* ---------- Days: ISO text in the data, whole numbers where they are counted ---------- */

const DAY = 86400000;
const number = (iso) => Date.parse(`${iso}T00:00Z`) / DAY;
const iso = (day) => new Date(day * DAY).toISOString().slice(0, 10);
const FIRST = number(facts.first);
const LAST = number(facts.last);
const clamp = (date) => (date < facts.first ? facts.first : date > facts.last ? facts.last : date);
const isDay = (text) => /^\d{4}-\d\d-\d\d$/.test(text) && !Number.isNaN(number(text)) && iso(number(text)) === text;
const within = ([from, to], date) => (!from || from <= date) && (!to || date <= to);
const meets = ([from, to], [first, last]) => (!from || from <= last) && (!to || first <= to);

const dateFormats = Object.fromEntries(
  [["en", "en-GB"], ["zh", "zh-CN"]].map(([lang, locale]) => [
    lang,
    new Intl.DateTimeFormat(locale, { day: "numeric", month: "long", year: "numeric", timeZone: "UTC" }),
  ]),
);
const dateText = (iso) => dateFormats[view.lang].format(new Date(`${iso}T00:00Z`));

/** A date as the source gives it, in words: what is a day, a month or a year stays one. */
function whenText(text) {
  if (!text) return "";
  const range = text.match(/^\[(.*)\.\.(.*)\]$/);
  if (range) {
    return say(range[1] ? "some_day" : "by_day", { from: whenText(range[1]), to: whenText(range[2]), day: whenText(range[2]) });
  }
  const lasting = text.split("/");
  if (lasting.length === 2) return `${whenText(lasting[0])} – ${whenText(lasting[1])}`;
  if (isDay(text)) return dateText(text);
  const month = text.match(/^(\d{4})-(\d\d)$/);
  if (!month) return /^\d{4}$/.test(text) && view.lang === "zh" ? `${text}年` : text;
  const parts = { year: "numeric", month: "long", timeZone: "UTC" };
  return new Date(`${text}-01T00:00Z`).toLocaleDateString(view.lang === "en" ? "en-GB" : "zh-CN", parts);
}

/* JSON keeps things by name; these are wanted by their days. */
const dayOf = ([from, to]) => from ?? to ?? "";
const byDay = (table, span) => Object.fromEntries(Object.entries(table).sort(([, a], [, b]) => dayOf(span(a)).localeCompare(dayOf(span(b)))));
facts.meetings = byDay(facts.meetings, ({ span }) => span);
facts.periods = byDay(facts.periods, ({ certain }) => certain);

/* ---------- Elements ---------- */

/** An element with properties and children; strings become text nodes. */
function el(name, properties = {}, ...children) {
  const node = document.createElement(name);
  for (const [key, value] of Object.entries(properties)) {
    if (key.startsWith("on")) node.addEventListener(key.slice(2), value);
    else if (value !== undefined && value !== false) node.setAttribute(key, value === true ? "" : value);
  }
  node.append(...children.flat(3).filter((child) => child !== null && child !== undefined && child !== false));
  return node;
}

function svg(name, attributes = {}, ...children) {
  const node = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value !== undefined && value !== null) node.setAttribute(key, value);
  }
  node.append(...children);
  return node;
}
