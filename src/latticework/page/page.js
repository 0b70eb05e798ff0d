/* The alliance web, in the browser.

   Three blocks of JSON stand in the page: "network" (nodes and ties, from pyvis), "facts" (what is
   known of them) and "words" (the texts of the page in both languages). Nothing is fetched. All
   text goes in as text nodes. One object, `view`, holds what the reader has chosen; every change
   of it goes through `show`, which draws again and writes the address. */

const read = (id) => JSON.parse(document.getElementById(id).textContent);
const { nodes, edges: ties, options } = read("network");
const facts = read("facts");
const words = read("words");

const LANGUAGES = { en: "en", zh: "zh-Hans" };
const MEASURES = ["mediated", "convened", "autonomous", "dependence"];
const KINDS_OF_CHANGE = ["begins", "begun", "may_begin", "ended", "over", "may_end", "silent"];
const STEP_TIME = 1500; // milliseconds a change stays on screen while playing
const WIDTHS = [3.6, 2.2, 1.5, 1.1]; // of ties, by layer
const SNAP = 5; // pixels within which a dragged slider jumps to a change
const THUMB = 9; // half the slider's thumb; the chart keeps the same margin

const tieById = new Map(ties.map((tie) => [tie.id, tie]));
const layerRank = new Map(facts.layers.map((layer, rank) => [layer.id, rank]));
const byId = (id) => document.getElementById(id);
const still = matchMedia("(prefers-reduced-motion: reduce)");
const dark = matchMedia("(prefers-color-scheme: dark)");

const view = {
  date: facts.last,
  lang: navigator.language.startsWith("zh") ? "zh" : "en",
  layers: new Set(facts.layers.map((layer) => layer.id)),
  selected: "", // a state, an arrangement, a tie or "measure:..."
};
let hinted = ""; // what the pointer or the focus is on in the lists, shown as if selected
let pointed = ""; // what the pointer is on in the drawing; it grows, and nothing else changes
let timer = 0; // of the player; 0 while it rests
let opener = null; // the element from which the details were opened

/* ---------- Text ---------- */

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
const pairName = (tie) => [tie.from, tie.to].map(stateName).sort(collate).join(" – ");
const collate = (a, b) => a.localeCompare(b, LANGUAGES[view.lang]);
const percent = (share) => `${Math.round(share * 100)}%`;

const dateFormats = Object.fromEntries(
  [["en", "en-GB"], ["zh", "zh-CN"]].map(([lang, locale]) => [
    lang,
    new Intl.DateTimeFormat(locale, { day: "numeric", month: "long", year: "numeric", timeZone: "UTC" }),
  ]),
);
const dateText = (iso) => dateFormats[view.lang].format(new Date(`${iso}T00:00Z`));

/** An element with properties and children; strings become text nodes, never markup. */
function el(name, properties = {}, ...children) {
  const node = document.createElement(name);
  for (const [key, value] of Object.entries(properties)) {
    if (key.startsWith("on")) node.addEventListener(key.slice(2), value);
    else if (value !== undefined && value !== false) node.setAttribute(key, value === true ? "" : value);
  }
  node.append(...children.flat().filter((child) => child !== null && child !== undefined));
  return node;
}

function svg(name, attributes = {}, ...children) {
  const node = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
  node.append(...children);
  return node;
}

/* ---------- Days ---------- */

const DAY = 86400000;
const number = (iso) => Date.parse(`${iso}T00:00Z`) / DAY;
const iso = (day) => new Date(day * DAY).toISOString().slice(0, 10);
const FIRST = number(facts.first);
const LAST = number(facts.last);
const within = ([from, to], date) => (!from || from <= date) && (!to || date <= to);

/** The last stop on or before a day. */
const stopBefore = (date) => facts.stops.findLast((stop) => stop <= date) ?? facts.first;

function nextStop(direction) {
  return direction > 0
    ? facts.stops.find((stop) => stop > view.date)
    : facts.stops.findLast((stop) => stop < view.date);
}

/* ---------- The web at a date ---------- */

/** How a tie stands on a day: certain or only possible, and by the word of which sources. */
function standing(tie, date) {
  const holding = tie.spells.filter((spell) => within(spell.possible, date));
  if (!holding.length) return null;
  const sure = holding.filter((spell) => spell.certain && within(spell.certain, date));
  const basis = sure.length ? sure : holding;
  const sources = [...new Set(basis.flatMap((spell) => spell.sources))].sort();
  return {
    certain: sure.length > 0,
    sources,
    background: sources.every((source) => facts.sources[source].background),
  };
}

const layerOf = (tie) => facts.arrangements[tie.arrangement].layer;

/** The ties of the chosen layers on the chosen day, each with its standing. */
function currentTies() {
  const found = [];
  for (const tie of ties) {
    if (!view.layers.has(layerOf(tie))) continue;
    const stands = standing(tie, view.date);
    if (stands) found.push({ tie, ...stands });
  }
  return found;
}

/** The members of an arrangement on the chosen day, with whether each is one for certain. */
function members(arrangement) {
  const found = new Map();
  for (const membership of Object.values(facts.memberships)) {
    if (membership.arrangement !== arrangement || !within(membership.possible, view.date)) continue;
    const sure = within(membership.certain, view.date);
    found.set(membership.member, sure || (found.get(membership.member) ?? false));
  }
  return found;
}

/** The panels that count the chosen layers; none where no layer is chosen. */
const panels = () => facts.panels[[...view.layers].sort().join("+")] ?? [];

/** The lead panel on a day: the one of the last change before it. */
const panelOn = (date) => panels().findLast((panel) => panel.date <= date);

/** How the hub's partners are tied for certain, pair by pair: what the shares count. */
function partnerPairs() {
  const held = new Map(); // pair -> the ties that hold it for certain
  const withHub = new Set();
  const partners = new Set();
  for (const { tie, certain } of currentTies()) {
    if (!certain) continue;
    if (tie.from === facts.hub || tie.to === facts.hub) {
      partners.add(tie.from === facts.hub ? tie.to : tie.from);
      withHub.add(tie.arrangement);
    }
    const pair = `${tie.from}~${tie.to}`;
    held.set(pair, [...(held.get(pair) ?? []), tie]);
  }
  const names = [...partners].sort();
  const pairs = { mediated: [], convened: [], autonomous: [] };
  names.forEach((one, i) => names.slice(i + 1).forEach((another) => {
    const own = held.get(`${one}~${another}`) ?? [];
    const free = own.filter((tie) => !withHub.has(tie.arrangement));
    const kind = free.length ? "autonomous" : own.length ? "convened" : "mediated";
    pairs[kind].push({ one, another, ties: free.length ? free : own });
  }));
  return pairs;
}

/** The ties that stand out while something is selected or hinted at; null for all alike. */
function focus(id) {
  if (!id) return null;
  if (tieById.has(id)) return new Set([id]);
  if (facts.arrangements[id]) return new Set(ties.filter((t) => t.arrangement === id).map((t) => t.id));
  if (facts.states[id]) return new Set(ties.filter((t) => t.from === id || t.to === id).map((t) => t.id));
  const kind = id.replace("measure:", "");
  const pairs = partnerPairs();
  if (!(kind in pairs)) return null;
  const found = new Set(pairs[kind].flatMap((pair) => pair.ties.map((tie) => tie.id)));
  if (kind === "mediated") {
    for (const tie of ties) if (tie.from === facts.hub || tie.to === facts.hub) found.add(tie.id);
  }
  return found;
}

/* ---------- Colours, as the style sheet gives them ---------- */

const probe = el("span", { hidden: true });
document.body.append(probe);

/** A colour of the style sheet as [r, g, b]. */
function colour(name) {
  probe.style.color = `var(--${name})`;
  return getComputedStyle(probe).color.match(/[\d.]+/g).slice(0, 3).map(Number);
}
const rgba = (parts, alpha = 1) => `rgba(${parts.join(",")},${alpha})`;
const mix = (one, two, share) => one.map((part, i) => Math.round(part * share + two[i] * (1 - share)));
const layerColour = (id) => colour(`layer-${Math.min(layerRank.get(id), 3)}`);
const layerWidth = (id) => WIDTHS[Math.min(layerRank.get(id), WIDTHS.length - 1)];

/* ---------- The drawing ---------- */

const canvas = byId("graph");
const nodeSet = new vis.DataSet([]);
const edgeSet = new vis.DataSet([]);
const graph = new vis.Network(canvas, { nodes: nodeSet, edges: edgeSet }, options);
const place = new Map(); // where each state stands, in pixels from the middle
const drawn = new Map(); // what was last handed to vis, to hand over only what differs

/** Set the ring to the size of the canvas. The order of the states never changes. */
function arrange() {
  const { clientWidth: width, clientHeight: height } = canvas;
  const narrow = width < 560;
  const across = width / 2 - (narrow ? 44 : 70);
  const down = height / 2 - 30;
  for (const node of nodes) place.set(node.id, { x: (node.x / 1000) * across, y: (node.y / 1000) * down });
  drawn.clear();
  drawGraph();
  graph.moveTo({ position: { x: 0, y: 0 }, scale: 1 });
}

/** How a tie bends: ties of one pair lie side by side, and none runs through the hub.
    Straight ones are curves without bend: vis draws glow and hollow lines for curves only. */
function bend(tie) {
  const from = place.get(tie.from);
  const to = place.get(tie.to);
  const [dx, dy] = [to.x - from.x, to.y - from.y];
  const length = Math.hypot(dx, dy) || 1;
  const gap = canvas.clientWidth < 560 ? 8 : 11;
  const clear = canvas.clientWidth < 560 ? 34 : 52;
  const fromHub = (from.x * dy - from.y * dx) / length; // signed distance of the chord from the middle
  let offset = tie.slot * gap;
  if (tie.from !== facts.hub && tie.to !== facts.hub && Math.abs(fromHub) < clear) {
    const rank = tie.slot > 0 ? 2 * tie.slot - 1 : -2 * tie.slot;
    offset = (fromHub < 0 ? -1 : 1) * (clear - Math.abs(fromHub) + rank * gap);
  }
  // vis puts the control point at (1 + r) / 2 of the length, turned by r quarter circles.
  let roundness = 0;
  for (let i = 0; i < 4; i += 1) {
    const sine = (4 * Math.abs(offset)) / (length * (1 + roundness));
    roundness = (Math.asin(Math.min(1, sine)) * 2) / Math.PI;
  }
  return { enabled: true, type: offset > 0 ? "curvedCW" : "curvedCCW", roundness };
}

/** A tie as vis draws it: colour and width say the layer, dashes "possible", hollow "background". */
function edgeStyle({ tie, certain, sources, background }, focused, isNew) {
  const layer = layerOf(tie);
  const near = !focused || focused.has(tie.id);
  const kin = tieById.get(hinted || view.selected)?.arrangement === tie.arrangement;
  const line = rgba(layerColour(layer), near ? 1 : kin ? 0.5 : 0.14);
  const width = layerWidth(layer) + ((focused && near) || tie.id === pointed ? 1 : 0);
  const dashes = certain ? false : [7, 6];
  const status = say(certain ? "certain" : "possible");
  const said = list(sources.map(sourceName));
  return {
    id: tie.id,
    from: tie.from,
    to: tie.to,
    width: background ? Math.max(1, width * 0.45) : width,
    dashes: background ? false : dashes,
    color: { color: background ? rgba(colour("stage"), near ? 1 : 0.6) : line, inherit: false },
    background: background
      ? { enabled: true, color: line, size: width + 1.2, dashes }
      : { enabled: isNew && near, color: rgba(layerColour(layer), 0.2), size: width + 9, dashes: false },
    smooth: bend(tie),
    title: `${pairName(tie)}\n${arrangementName(tie.arrangement)}\n${status} · ${said}`,
  };
}

function nodeStyle(id, tied, chosen, dimmed) {
  const hub = id === facts.hub;
  const stage = colour("stage");
  const ink = colour("ink");
  const quiet = mix(colour("quiet"), stage, dimmed ? 0.6 : 1);
  const fill = hub && tied ? mix(ink, stage, dimmed ? 0.5 : 1) : tied ? colour("surface") : stage;
  const text = tied && !dimmed ? (hub ? stage : ink) : hub && tied ? stage : quiet;
  const border = chosen ? colour("accent") : tied ? mix(ink, stage, dimmed ? 0.3 : 0.62) : mix(ink, stage, 0.18);
  const narrow = canvas.clientWidth < 560;
  return {
    id,
    ...place.get(id),
    label: wrap(stateName(id)),
    borderWidth: chosen ? 3 : 1.2,
    borderWidthSelected: chosen ? 3 : 1.2,
    color: { background: rgba(fill), border: rgba(border), hover: { background: rgba(fill), border: rgba(colour("accent")) } },
    font: { face: getComputedStyle(document.body).fontFamily, size: narrow ? 11.5 : 13.5, color: rgba(text), strokeWidth: 0 },
    margin: narrow ? { top: 5, bottom: 5, left: 6, right: 6 } : { top: 7, bottom: 7, left: 9, right: 9 },
    shapeProperties: { borderRadius: 9, borderDashes: tied === "possible" ? [4, 3] : false },
  };
}

/** A name on a few short lines; Chinese, whose letters count double, breaks before a bracket. */
function wrap(name) {
  const size = (text) => text.replace(/[^\x00-\xff]/g, "xx").length;
  const least = canvas.clientWidth < 560 ? 9 : view.lang === "zh" ? 24 : 12;
  const most = Math.max(least, size(name) / 2.5);
  return name.replaceAll("（", " （").split(" ").reduce((text, word) => {
    const last = text.slice(text.lastIndexOf("\n") + 1);
    const joint = last && size(last) + size(word) >= most ? "\n" : word.startsWith("（") ? "" : " ";
    return text ? text + joint + word : word;
  }, "");
}

function drawGraph() {
  const current = currentTies();
  const shown = hinted || view.selected;
  const focused = focus(shown);
  const dayBefore = iso(number(stopBefore(view.date)) - 1);
  const tied = new Map();
  const near = new Set([shown]);
  const wanted = new Map();
  for (const item of current) {
    const isNew = item.certain && !(standing(item.tie, dayBefore)?.certain);
    wanted.set(item.tie.id, edgeStyle(item, focused, isNew));
    for (const id of [item.tie.from, item.tie.to]) {
      tied.set(id, item.certain || tied.get(id) === "certain" ? "certain" : "possible");
      if (focused?.has(item.tie.id) || item.tie.arrangement === tieById.get(shown)?.arrangement) near.add(id);
    }
  }
  replace(edgeSet, wanted);
  replace(nodeSet, new Map(nodes.map(({ id }) => [
    id,
    nodeStyle(id, tied.get(id), id === view.selected, Boolean(focused) && !near.has(id)),
  ])));
  canvas.setAttribute("aria-label", say("graph_label", {
    n: tied.size, ties: current.length, date: dateText(view.date),
  }));
  graph.redraw();
}

/** Hand to vis what is new or has changed, and take away what is gone. */
function replace(set, wanted) {
  const changed = [];
  for (const [id, style] of wanted) {
    const text = JSON.stringify(style);
    if (drawn.get(id) !== text) changed.push(style);
    drawn.set(id, text);
  }
  const gone = set.getIds().filter((id) => !wanted.has(id));
  gone.forEach((id) => drawn.delete(id));
  set.remove(gone);
  set.update(changed);
}

/** The arrangement in view as one whole, behind its ties. */
graph.on("beforeDrawing", (context) => {
  const id = hinted || view.selected;
  const arrangement = facts.arrangements[id] ? id : tieById.get(id)?.arrangement;
  if (!arrangement || !view.layers.has(facts.arrangements[arrangement].layer)) return;
  const corners = hull([...members(arrangement).keys()].map((state) => place.get(state)));
  if (corners.length < 2) return;
  const tint = rgba(mix(layerColour(facts.arrangements[arrangement].layer), colour("stage"), 0.13));
  context.beginPath();
  corners.forEach(({ x, y }) => context.lineTo(x, y));
  context.closePath();
  Object.assign(context, { fillStyle: tint, strokeStyle: tint, lineWidth: 62, lineJoin: "round", lineCap: "round" });
  context.fill();
  context.stroke();
});

/** The convex hull (Andrew's monotone chain). */
function hull(points) {
  const sorted = [...points].sort((a, b) => a.x - b.x || a.y - b.y);
  const half = (row) => row.reduce((chain, point) => {
    while (chain.length > 1 && turn(chain.at(-2), chain.at(-1), point) <= 0) chain.pop();
    return [...chain, point];
  }, []).slice(0, -1);
  return sorted.length < 3 ? sorted : [...half(sorted), ...half(sorted.toReversed())];
}
const turn = (a, b, c) => (b.x - a.x) * (c.y - a.y) - (b.y - a.y) * (c.x - a.x);

graph.on("click", ({ nodes: [node], edges: [edge] }) => {
  graph.unselectAll();
  select(node ?? edge ?? "");
});
graph.on("hoverNode", ({ node }) => point(node));
graph.on("hoverEdge", ({ edge }) => point(edge));
graph.on("blurNode", () => point(""));
graph.on("blurEdge", () => point(""));

function point(id) {
  pointed = id;
  canvas.classList.toggle("pointing", Boolean(id));
  drawGraph();
}

function hint(id) {
  if (hinted === id) return;
  hinted = id;
  drawGraph();
}

/* ---------- The time axis, the measures and the slider ---------- */

const slider = byId("slider");
slider.min = FIRST;
slider.max = LAST;

const across = (date, width) => THUMB + ((number(date) - FIRST) / (LAST - FIRST || 1)) * (width - 2 * THUMB);
const dayAt = (x, width) => Math.round(FIRST + ((x - THUMB) / (width - 2 * THUMB)) * (LAST - FIRST));

/** The stretches of the chart: each panel lasts until the day before the next one. */
function stretches() {
  const all = panels();
  return all
    .map((panel, i) => ({
      ...panel,
      from: panel.date < facts.first ? facts.first : panel.date,
      to: all[i + 1]?.date < facts.last ? all[i + 1].date : facts.last,
    }))
    .filter(({ from, to }) => from <= to);
}

const LANES = [
  ...MEASURES.map((name) => ({ name, lines: [(shares) => shares[name]], most: () => 1 })),
  {
    name: "size",
    lines: [(shares) => shares.n, (shares) => shares.k],
    most: () => Math.max(2, ...Object.values(facts.panels).flat().map((p) => Math.max(p.certain?.n ?? 0, p.high?.n ?? 0))),
  },
];

function drawChart() {
  const chart = byId("chart");
  const rows = stretches();
  const held = document.activeElement?.dataset?.lane;
  chart.replaceChildren(...LANES.map((lane) => {
    const head = lane.name === "size"
      ? el("span", { class: "lane-name" }, say("size"))
      : el("button", {
        type: "button",
        class: "lane-name",
        "data-lane": lane.name,
        "aria-pressed": String(view.selected === `measure:${lane.name}`),
        onclick: () => select(`measure:${lane.name}`),
      }, say(lane.name));
    const plot = svg("svg", { class: "lane-plot", "aria-hidden": "true" });
    const dot = el("span", { class: `dot ${lane.name}`, "aria-hidden": "true" });
    const row = el("div", { class: "lane" }, el("div", { class: "lane-head" }, dot, head, el("span", { class: "lane-value" })), plot);
    plot.addEventListener("pointerdown", scrub);
    plot.addEventListener("pointermove", (event) => event.buttons && scrub(event));
    return row;
  }));
  const width = chart.querySelector("svg")?.clientWidth ?? 0;
  chart.querySelectorAll("svg").forEach((plot, i) => drawLane(plot, LANES[i], rows, width, i === 0));
  drawAxis(width);
  if (held) chart.querySelector(`[data-lane="${held}"]`)?.focus();
  moveCursor();
}

const laneHeight = (plot, lane) => {
  const most = lane.most();
  return (value) => plot.clientHeight - 3 - (value / most) * (plot.clientHeight - 6);
};

function drawLane(plot, lane, rows, width, labelled) {
  const height = plot.clientHeight;
  const most = lane.most();
  const up = laneHeight(plot, lane);
  const box = (row) => [across(row.from, width), across(row.to, width)];
  plot.setAttribute("viewBox", `0 0 ${width} ${height}`);
  plot.append(svg("path", { class: "rule", d: `M${THUMB} ${up(0)}H${width - THUMB}M${THUMB} ${up(most)}H${width - THUMB}` }));
  for (const [from, to] of gaps(rows)) {
    const [x, end] = [across(from, width), across(to, width)];
    plot.append(svg("rect", { class: "gap", x, y: 0, width: end - x, height }));
    const text = say("not_covered");
    if (labelled && end - x > text.length * (view.lang === "zh" ? 13 : 6.2)) {
      const note = svg("text", { class: "gap-text", x: (x + end) / 2, y: height / 2 + 4 });
      note.textContent = text;
      plot.append(note);
    }
  }
  lane.lines.forEach((value, i) => {
    for (const row of rows) {
      const [low, high] = [row.low && value(row.low), row.high && value(row.high)];
      if (low === null || high === null || low === undefined || high === undefined || low === high) continue;
      const [x, end] = box(row);
      plot.append(svg("rect", { class: `band ${lane.name}`, x, y: up(high), width: end - x, height: up(low) - up(high) }));
    }
    let path = "";
    let last = null; // the end of the stretch before, if the line goes on
    for (const row of rows) {
      const known = row.certain ? value(row.certain) : null;
      if (known === null) { last = null; continue; }
      const [x, end] = box(row);
      path += `${last === null ? "M" : "L"}${x} ${up(known)}H${end}`;
      last = end;
    }
    plot.append(svg("path", { class: i ? "line second" : "line", d: path || "M0 0" }));
  });
  plot.append(
    svg("line", { class: "cursor", y1: 0, y2: height }),
    ...lane.lines.map(() => svg("circle", { class: "cursor-dot", r: 4 })),
  );
}

/** The stretches that the sources do not cover, joined where they touch. */
function gaps(rows) {
  const found = [];
  for (const row of rows) {
    if (row.covered) continue;
    if (found.at(-1)?.[1] === row.from) found.at(-1)[1] = row.to;
    else found.push([row.from, row.to]);
  }
  return found;
}

function drawAxis(width) {
  const axis = byId("axis");
  axis.setAttribute("viewBox", `0 0 ${width} 26`);
  axis.replaceChildren(...facts.stops.map((stop) => {
    const x = across(stop, width);
    return svg("line", { class: "stop", x1: x, x2: x, y1: 0, y2: 6 });
  }));
  const years = Number(facts.last.slice(0, 4)) - Number(facts.first.slice(0, 4));
  const step = [1, 2, 5, 10, 20, 50].find((size) => (years / size) * 44 < width) ?? 100;
  for (let year = Math.ceil(Number(facts.first.slice(0, 4)) / step) * step; year <= Number(facts.last.slice(0, 4)); year += step) {
    const label = svg("text", { class: "year", x: across(`${year}-01-01`, width), y: 22 });
    label.textContent = year;
    axis.append(label);
  }
}

/** Put the cursor and the values beside the lanes to the chosen day. */
function moveCursor() {
  const panel = panelOn(view.date);
  byId("chart").querySelectorAll(".lane").forEach((row, i) => {
    const plot = row.querySelector("svg");
    const x = across(view.date, plot.clientWidth);
    const cursor = plot.querySelector(".cursor");
    cursor.setAttribute("x1", x);
    cursor.setAttribute("x2", x);
    plot.querySelectorAll(".cursor-dot").forEach((dot, n) => {
      const value = panel?.covered && panel.certain ? LANES[i].lines[n](panel.certain) : null;
      dot.style.display = value === null ? "none" : "";
      dot.setAttribute("cx", x);
      dot.setAttribute("cy", value === null ? 0 : laneHeight(plot, LANES[i])(value));
    });
    row.querySelector(".lane-value").textContent = laneValue(LANES[i], panel);
  });
}

function laneValue(lane, panel) {
  if (!view.layers.size) return "";
  if (!panel?.covered || !panel.certain) return say("not_covered");
  const { certain, low, high } = panel;
  if (lane.name === "size") return say("size_value", certain);
  if (certain[lane.name] === null) return say("undefined_short");
  const band = bandOf(lane.name, low, high);
  return percent(certain[lane.name]) + (band ? ` (${band})` : "");
}

function scrub(event) {
  const box = event.currentTarget.getBoundingClientRect();
  const day = Math.min(LAST, Math.max(FIRST, dayAt(event.clientX - box.left, box.width)));
  pause();
  show({ date: snap(day) });
}

/** A day under the pointer; a change that is near enough on the screen wins. */
function snap(day) {
  const reach = (SNAP * (LAST - FIRST)) / Math.max(1, slider.clientWidth);
  const near = facts.stops.reduce((best, stop) => (Math.abs(number(stop) - day) < Math.abs(number(best) - day) ? stop : best));
  return Math.abs(number(near) - day) <= reach ? near : iso(day);
}

function step(direction) {
  const stop = nextStop(direction);
  if (stop) show({ date: stop });
  return Boolean(stop);
}

function play() {
  if (timer) return pause();
  if (!nextStop(1)) show({ date: facts.first });
  const tick = () => {
    if (!step(1) || !nextStop(1)) return pause();
    timer = setTimeout(tick, STEP_TIME * (still.matches ? 2 : 1));
  };
  timer = setTimeout(tick, 400);
  showPlaying();
}

function pause() {
  clearTimeout(timer);
  timer = 0;
  showPlaying();
}

function showPlaying() {
  const button = byId("play");
  button.setAttribute("aria-pressed", String(Boolean(timer)));
  button.setAttribute("aria-label", say(timer ? "pause" : "play"));
  button.title = say(timer ? "pause" : "play");
}

slider.addEventListener("input", () => { pause(); show({ date: snap(Number(slider.value)) }); });
slider.addEventListener("keydown", (event) => {
  const way = { ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1 }[event.key];
  const years = { PageUp: 1, PageDown: -1 }[event.key];
  const end = { Home: facts.first, End: facts.last }[event.key];
  if (!way && !years && !end) return;
  event.preventDefault();
  pause();
  if (way) step(way);
  else show({ date: end ?? iso(Math.min(LAST, Math.max(FIRST, number(view.date) + Math.round(years * 365.25)))) });
});

/* ---------- The side panel: an overview, or the details of what is selected ---------- */

function swatch(layer, { certain = true, background = false, isNew = false } = {}) {
  const line = svg("svg", { class: "swatch", viewBox: "0 0 26 10", "aria-hidden": "true" });
  const rank = Math.min(layerRank.get(layer) ?? 0, 3);
  const width = WIDTHS[rank] + (background ? 1.2 : 0);
  if (isNew) line.append(svg("line", { class: `glow layer-${rank}`, x1: 0, x2: 26, y1: 5, y2: 5 }));
  line.append(svg("line", {
    class: `layer-${rank}`, x1: 1, x2: 25, y1: 5, y2: 5, "stroke-width": width,
    "stroke-dasharray": certain ? "none" : "5 4",
  }));
  if (background) line.append(svg("line", { class: "core", x1: 0, x2: 26, y1: 5, y2: 5, "stroke-width": Math.max(1, width * 0.4) }));
  return line;
}

/** A button that selects something, and hints at it while it has the pointer or the focus. */
function pick(id, ...children) {
  return el("button", {
    type: "button", class: "pick", "data-id": id, "aria-pressed": String(view.selected === id),
    onclick: (event) => { opener = event.currentTarget.dataset.id; select(id, true); },
    onmouseenter: () => hint(id), onmouseleave: () => hint(""),
    onfocus: () => hint(id), onblur: () => hint(""),
  }, ...children);
}

function section(title, ...children) {
  return el("section", {}, el("h3", {}, title), ...children);
}

function drawPanel() {
  const panel = byId("panel");
  const body = view.selected ? details() : overview();
  panel.classList.toggle("open", Boolean(view.selected));
  panel.replaceChildren(...body);
}

function overview() {
  return [
    section(say("reading"), ...reading()),
    section(say("changes"), ...changes()),
    section(say("arrangements"), ...arrangements()),
    section(say("coverage"), coverageNow()),
  ];
}

/** The lead measures as sentences with the counts behind them. */
function reading() {
  const panel = panelOn(view.date);
  if (!facts.hub) return [];
  if (!view.layers.size) return [el("p", { class: "hint" }, say("no_layers"))];
  if (!panel?.covered || !panel.certain) return [el("p", {}, say("reading_not_covered", { date: dateText(view.date) }))];
  const { certain, low, high, worlds } = panel;
  const hub = stateName(facts.hub);
  if (certain.k < 2) return [el("p", {}, say("reading_small", { hub, k: certain.k, date: dateText(view.date) }))];
  const pairs = (certain.k * (certain.k - 1)) / 2;
  const count = (name) => Math.round(certain[name] * pairs);
  const bars = el("div", { class: "shares", "aria-hidden": "true" }, MEASURES.slice(0, 3).map((name) => {
    const bar = el("span", { class: `share ${name}` });
    bar.style.flexGrow = certain[name];
    return bar;
  }));
  const lines = MEASURES.slice(0, 3).map((name) => el("li", {},
    el("span", { class: `dot ${name}`, "aria-hidden": "true" }),
    pick(`measure:${name}`, say(`${name}_line`, { hub, share: percent(certain[name]), n: count(name) })),
  ));
  return [
    el("p", {}, say("reading_intro", { hub, k: certain.k, pairs, date: dateText(view.date) })),
    bars,
    el("ul", { class: "plain" }, lines),
    el("p", { class: "hint" }, bandText(low, high, worlds)),
  ];
}

/** Which shares would differ if what is only possible were so or not. */
function bandText(low, high, worlds) {
  if (!low || !high) return "";
  const differs = MEASURES.slice(0, 3).filter((name) => bandOf(name, low, high));
  if (!differs.length) return say("band_none");
  return say(worlds ? "band" : "band_outer", {
    worlds,
    ranges: list(differs.map((name) => `${say(name)} ${bandOf(name, low, high)}`)),
  });
}

/** The band of a measure as text; nothing where it has no width to speak of. */
function bandOf(name, low, high) {
  if (!low || !high || low[name] === null || high[name] === null) return "";
  const [from, to] = [percent(low[name]), percent(high[name])];
  return from === to ? "" : `${from}–${to}`;
}

/** What began and ended at the last stop, in words: by source, then by what happened. */
function changes() {
  const stop = stopBefore(view.date);
  const own = facts.changes.filter((change) => change.date === stop && view.layers.has(facts.arrangements[change.arrangement].layer));
  const blocks = Object.keys(facts.sources).flatMap((source) => {
    const said = own.filter((change) => change.source === source);
    const lines = [...KINDS_OF_CHANGE.flatMap((kind) => changeLine(kind, said)), ...coverageLines(source, stop)];
    return lines.length ? [el("p", { class: "hint" }, say("by_source", { source: sourceName(source) })), el("ul", { class: "plain changes" }, lines)] : [];
  });
  return [
    el("p", { class: "when" }, say(stop === view.date ? "changes_today" : "changes_before", { date: dateText(stop) })),
    ...(blocks.length ? blocks : [el("p", {}, say("changes_none"))]),
  ];
}

function changeLine(kind, said) {
  const own = said.filter((change) => change.kind === kind);
  if (!own.length) return [];
  return [el("li", {},
    el("span", { class: `mark ${kind}`, "aria-hidden": "true" }),
    el("div", {}, say(`change_${kind}`), el("ul", { class: "plain" }, own.map((change) => el("li", {},
      pick(change.arrangement, arrangementName(change.arrangement)),
      el("span", { class: "hint" }, ` ${list(change.members.map(stateName).sort(collate))}`))))))];
}

/** Where the account of a source begins or ends at a stop, layer by layer. */
function coverageLines(source, stop) {
  const own = facts.coverage.filter((row) => row.source === source && row.degree !== "lwc:notCovered" && view.layers.has(row.layer));
  const covers = (layer, day) => own.some((row) => row.layer === layer && within([row.first, row.last], day));
  const dayBefore = iso(number(stop) - 1);
  return facts.layers.flatMap((layer) => {
    const [was, is] = [covers(layer.id, dayBefore), covers(layer.id, stop)];
    if (was === is) return [];
    return [el("li", {},
      el("span", { class: `mark ${is ? "begun" : "over"}`, "aria-hidden": "true" }),
      el("div", {}, say(is ? "coverage_begins" : "coverage_ends", { layer: named(layer.name) })))];
  });
}

function arrangements() {
  const held = new Map();
  for (const { tie, certain } of currentTies()) held.set(tie.arrangement, certain || (held.get(tie.arrangement) ?? false));
  if (!held.size) return [el("p", {}, say("arrangements_none"))];
  return facts.layers.filter((layer) => view.layers.has(layer.id)).flatMap((layer) => {
    const own = [...held.keys()]
      .filter((id) => facts.arrangements[id].layer === layer.id)
      .map((id) => ({ id, states: members(id) }))
      .sort((a, b) => b.states.size - a.states.size || collate(arrangementName(a.id), arrangementName(b.id)));
    if (!own.length) return [];
    return [
      el("h4", {}, swatch(layer.id), `${named(layer.name)} (${own.length})`),
      el("ul", { class: "plain" }, own.map(({ id, states }) => el("li", {},
        pick(id, arrangementName(id)),
        el("span", { class: "hint" }, ` ${memberList(states)}`),
      ))),
    ];
  });
}

/** Names of members; those that are only possible carry a question mark. */
function memberList(states) {
  const names = [...states].map(([id, sure]) => stateName(id) + (sure ? "" : say("unsure")));
  return list(names.sort(collate));
}

function coverageNow() {
  const rows = facts.layers.flatMap((layer) => {
    const own = facts.coverage.filter((row) => row.layer === layer.id && within([row.first, row.last], view.date));
    return [
      el("dt", {}, swatch(layer.id), named(layer.name)),
      ...(own.length
        ? own.map((row) => el("dd", {}, `${say(row.degree.replace("lwc:", ""))} — ${sourceName(row.source)}`))
        : [el("dd", {}, say("notCovered"))]),
    ];
  });
  return el("dl", { class: "coverage" }, rows);
}

/* ---------- Details ---------- */

/** A name in the chosen language, with the other one below. */
function heading(kicker, label) {
  const second = label[other()] === label[view.lang] ? null
    : el("p", { class: "second-name", lang: LANGUAGES[other()] }, label[other()]);
  return el("div", { class: "detail-head" },
    el("div", {}, el("p", { class: "kicker" }, kicker), el("h2", { id: "detail", tabindex: "-1" }, label[view.lang]), second),
    el("button", { type: "button", class: "close", "aria-label": say("close"), title: say("close"), onclick: () => close() }, "×"),
  );
}

function details() {
  const id = view.selected;
  if (tieById.has(id)) return tieDetails(tieById.get(id));
  if (facts.states[id]) return stateDetails(id);
  if (facts.arrangements[id]) return arrangementDetails(id);
  return measureDetails(id.replace("measure:", ""));
}

function standingText(tie) {
  const stands = standing(tie, view.date);
  const date = dateText(view.date);
  if (!stands) return say("tie_absent", { date });
  return say(stands.certain ? "tie_certain" : "tie_possible", { date, sources: list(stands.sources.map(sourceName)) });
}

function tieDetails(tie) {
  const both = [tie.from, tie.to].sort((a, b) => collate(stateName(a), stateName(b)));
  const pair = Object.fromEntries(Object.keys(LANGUAGES).map((lang) => [
    lang, both.map((id) => facts.states[id].name[lang]).join(" – "),
  ]));
  const arrangement = facts.arrangements[tie.arrangement];
  const layer = facts.layers.find(({ id }) => id === arrangement.layer);
  const others = currentTies().filter((item) => item.tie.from === tie.from && item.tie.to === tie.to && item.tie !== tie);
  const own = membershipsOf((m) => m.arrangement === tie.arrangement && (m.member === tie.from || m.member === tie.to));
  return [
    heading(say("tie"), pair),
    el("p", { class: "lead with-swatch" }, swatch(arrangement.layer), pick(tie.arrangement, named(arrangement.name)), el("span", { class: "hint" }, named(layer.name))),
    el("p", {}, standingText(tie)),
    section(say("memberships"), ...membershipBlocks(own)),
    section(say("also_tied"), others.length
      ? el("ul", { class: "plain" }, others.map((item) => el("li", { class: "with-swatch" }, swatch(layerOf(item.tie), item), pick(item.tie.id, arrangementName(item.tie.arrangement)), el("span", { class: "hint" }, say(item.certain ? "certain" : "possible")))))
      : el("p", { class: "hint" }, say("also_tied_none", { date: dateText(view.date) }))),
    section(say("states"), el("ul", { class: "plain" }, both.map((id) => el("li", {}, pick(id, stateName(id)))))),
  ];
}

function stateDetails(id) {
  const current = currentTies().filter(({ tie }) => tie.from === id || tie.to === id)
    .map((item) => ({ ...item, partner: item.tie.from === id ? item.tie.to : item.tie.from }))
    .sort((a, b) => collate(stateName(a.partner), stateName(b.partner)) || collate(arrangementName(a.tie.arrangement), arrangementName(b.tie.arrangement)));
  const partners = [...new Set(current.map(({ partner }) => partner))];
  return [
    heading(say("state"), facts.states[id].name),
    el("p", {}, say("state_now", { date: dateText(view.date), ties: current.length, n: partners.length })),
    partners.length ? el("ul", { class: "plain partners" }, partners.map((partner) => el("li", {},
      el("span", { class: "partner" }, stateName(partner)),
      el("ul", { class: "plain" }, current.filter((item) => item.partner === partner).map((item) => el("li", { class: "with-swatch" },
        swatch(layerOf(item.tie), item), pick(item.tie.id, arrangementName(item.tie.arrangement)),
        item.certain ? null : el("span", { class: "hint" }, say("possible"))))),
    ))) : null,
    section(say("all_memberships"), ...membershipBlocks(membershipsOf((m) => m.member === id), "arrangement")),
  ].filter(Boolean);
}

function arrangementDetails(id) {
  const arrangement = facts.arrangements[id];
  const layer = facts.layers.find((item) => item.id === arrangement.layer);
  const states = members(id);
  return [
    heading(say("arrangement"), arrangement.name),
    el("p", { class: "lead" }, swatch(arrangement.layer), named(layer.name)),
    el("p", {}, states.size
      ? say("members_now", { date: dateText(view.date), n: states.size, members: memberList(states) })
      : say("members_none", { date: dateText(view.date) })),
    arrangement.open_list ? el("p", { class: "hint" }, say("open_list")) : null,
    ...arrangement.notes[view.lang].map((note) => el("p", { class: "note" }, note)),
    section(say("memberships"), ...membershipBlocks(membershipsOf((m) => m.arrangement === id))),
    arrangement.evidence.length ? section(say("evidence_arrangement"), passages(arrangement.evidence)) : null,
  ].filter(Boolean);
}

function measureDetails(name) {
  const hub = facts.hub ? stateName(facts.hub) : "";
  const panel = panelOn(view.date);
  const known = panel?.covered && panel.certain;
  const pairs = partnerPairs()[name];
  return [
    heading(say("measure"), Object.fromEntries(Object.keys(LANGUAGES).map((lang) => [lang, words[lang][name]]))),
    el("p", {}, say(`${name}_definition`, { hub })),
    name === "dependence" && known && panel.certain.dependence !== null
      ? el("p", {}, say("dependence_values", { hub, one: percent(panel.certain.dependence), two: percent(panel.certain.dependence_hub_only) })) : null,
    known ? el("p", { class: "hint" }, bandText(panel.low, panel.high, panel.worlds)) : el("p", {}, say("reading_not_covered", { date: dateText(view.date) })),
    known && pairs ? section(say("pairs", { n: pairs.length }),
      el("ul", { class: "plain partners" }, pairs.map((pair) => el("li", {},
        el("span", { class: "partner" }, [pair.one, pair.another].map(stateName).sort(collate).join(" – ")),
        el("ul", { class: "plain" }, pair.ties.map((tie) => el("li", { class: "with-swatch" }, swatch(layerOf(tie)), pick(tie.id, arrangementName(tie.arrangement))))))))) : null,
  ].filter(Boolean);
}

const membershipsOf = (keep) => Object.entries(facts.memberships).filter(([, m]) => keep(m));

/** Memberships with their evidence, those of the chosen day first; what is alike is told once. */
function membershipBlocks(own, by = "member") {
  const groups = new Map();
  for (const [id, m] of own) {
    const fixed = by === "member" ? m.arrangement : m.member;
    const key = JSON.stringify([fixed, m.sources, m.role, m.begin, m.end, m.attested, m.unknown_begin, m.unknown_end, m.notes, m.evidence]);
    groups.set(key, [...(groups.get(key) ?? []), [id, m]]);
  }
  const name = (m) => (by === "member" ? stateName(m.member) : arrangementName(m.arrangement));
  return [...groups.values()]
    .sort(([[, a]], [[, b]]) => within(b.possible, view.date) - within(a.possible, view.date)
      || (a.possible[0] ?? a.certain[0] ?? "").localeCompare(b.possible[0] ?? b.certain[0] ?? "") || collate(name(a), name(b)))
    .map((group) => membershipBlock(group, name, by));
}

function membershipBlock(group, name, by) {
  const [, first] = group[0];
  const titles = group.map(([, m]) => name(m)).sort(collate);
  const locators = group.filter(([, m]) => m.locator);
  const title = by === "member" ? [list(titles)] : group.map(([, m]) => pick(m.arrangement, name(m)));
  return el("article", { class: "membership" },
    el("h4", {}, title, first.role ? el("span", { class: "hint" }, ` ${named(first.role)}`) : null),
    el("dl", {},
      el("dt", {}, say("begins")), el("dd", {}, ...beginText(first)),
      el("dt", {}, say("ends")), el("dd", {}, ...endText(first)),
      el("dt", {}, say("source")), el("dd", {}, list(first.sources.map(sourceName))),
      el("dt", {}, say("on_this_date")), el("dd", {}, say(membershipStatus(first))),
    ),
    ...first.notes[view.lang].map((note) => el("p", { class: "note" }, el("span", { class: "note-name" }, say("coding_note")), " ", note)),
    first.evidence.length ? passages(first.evidence) : null,
    !first.evidence.length && !locators.length ? el("p", { class: "hint" }, say("no_evidence")) : null,
    el("details", { class: "more", open: locators.length > 0 && group.length < 3 },
      el("summary", {}, say(locators.length ? "locators" : "identifiers")),
      group.map(([id, m]) => el("p", {}, m.locator ? `${name(m)}${say("colon")}${m.locator}` : null, el("code", {}, id)))),
  );
}

function membershipStatus(m) {
  if (!within(m.possible, view.date)) return "does_not_hold";
  return within(m.certain, view.date) ? "certain" : "possible";
}

/** A date as the source gives it, and the days which that allows. */
function given(text, from, to) {
  const days = !from ? say("by_day", { day: dateText(to) })
    : from === to ? dateText(from) : say("some_day", { from: dateText(from), to: dateText(to) });
  return [el("code", {}, text), " ", el("span", { class: "hint" }, days)];
}

function beginText(m) {
  if (m.begin) return given(m.begin, m.possible[0], m.certain[0]);
  const why = m.unknown_begin ? named(m.unknown_begin) : say("not_given");
  return m.attested
    ? [`${why}${say("semicolon")}${say("attested")} `, ...given(m.attested, null, m.certain[0])]
    : [why];
}

function endText(m) {
  if (m.end) return given(m.end, m.certain[1], m.possible[1]);
  if (m.unknown_end) return [named(m.unknown_end)];
  return [m.certain[1] ? say("not_ended", { date: dateText(m.certain[1]) }) : say("not_given")];
}

function passages(ids) {
  return el("ol", { class: "plain evidence" }, ids.filter((id) => facts.passages[id]).map((id) => {
    const passage = facts.passages[id];
    return el("li", {},
      el("p", { class: "where" }, named(passage.place)),
      el("p", {}, named(passage.gist)),
      passage.sentence ? el("blockquote", { lang: "zh-Hans" }, passage.sentence) : null);
  }));
}

/* ---------- The table of ties ---------- */

function drawTable() {
  const rows = currentTies().map((item) => ({ ...item, pair: pairName(item.tie) }))
    .sort((a, b) => collate(a.pair, b.pair) || layerRank.get(layerOf(a.tie)) - layerRank.get(layerOf(b.tie))
      || collate(arrangementName(a.tie.arrangement), arrangementName(b.tie.arrangement)));
  byId("ties-heading").textContent = say("table", { date: dateText(view.date), n: rows.length });
  if (!rows.length) {
    byId("table").replaceChildren(el("p", {}, say("table_none")));
    return;
  }
  const head = ["tie", "arrangement", "layer", "status", "source"].map((key) => el("th", { scope: "col" }, say(key)));
  const body = rows.map((item) => el("tr", { class: view.selected === item.tie.id ? "chosen" : undefined },
    el("th", { scope: "row" }, pick(item.tie.id, item.pair)),
    el("td", {}, pick(item.tie.arrangement, arrangementName(item.tie.arrangement))),
    el("td", {}, swatch(layerOf(item.tie), item), named(facts.layers.find(({ id }) => id === layerOf(item.tie)).name)),
    el("td", {}, say(item.certain ? "certain" : "possible")),
    el("td", {}, item.sources.map((id) => el("code", { title: sourceName(id) }, id.replace("source:", "")))),
  ));
  byId("table").replaceChildren(el("table", {}, el("thead", {}, el("tr", {}, head)), el("tbody", {}, body)));
}

/* ---------- What stays the same over time ---------- */

function drawFrame() {
  document.documentElement.lang = LANGUAGES[view.lang];
  document.title = say("title");
  for (const node of document.querySelectorAll("[data-text]")) node.textContent = say(node.dataset.text);
  byId("subtitle").textContent = say("subtitle", { from: facts.first.slice(0, 4), to: facts.last.slice(0, 4) });
  const language = byId("language");
  language.textContent = words[other()].own_name;
  language.lang = LANGUAGES[other()];
  language.setAttribute("aria-label", words[other()].switch_to);
  for (const [id, key] of [["previous", "previous"], ["next", "next"]]) {
    byId(id).setAttribute("aria-label", say(key));
    byId(id).title = say(key);
  }
  slider.setAttribute("aria-label", say("slider"));
  showPlaying();
  drawTheme();
  drawLegend();
  drawAbout();
}

function drawLegend() {
  const legend = byId("layers");
  legend.replaceChildren(legend.firstElementChild, ...facts.layers.map((layer) => el("label", { class: "layer" },
    el("input", {
      type: "checkbox", value: layer.id, checked: view.layers.has(layer.id),
      onchange: (event) => {
        const layers = new Set(view.layers);
        if (event.currentTarget.checked) layers.add(layer.id);
        else layers.delete(layer.id);
        show({ layers });
      },
    }), swatch(layer.id), named(layer.name))));
  const first = facts.layers[0]?.id;
  const second = Object.values(facts.sources).some((source) => source.background);
  byId("signs").replaceChildren(
    el("li", {}, swatch(first), say("sign_certain")),
    el("li", {}, swatch(first, { certain: false }), say("sign_possible")),
    el("li", {}, swatch(first, { isNew: true }), say("sign_new")),
    ...(second ? [el("li", {}, swatch(first, { background: true }), say("sign_background"))] : []),
  );
}

function drawAbout() {
  const hub = facts.hub ? stateName(facts.hub) : "";
  const definitions = [...MEASURES, "size", "band_name", "gap"].flatMap((name) => [
    el("dt", {}, say(name)), el("dd", {}, say(`${name}_definition`, { hub })),
  ]);
  const sources = Object.entries(facts.sources).map(([id, source]) => el("article", {},
    el("h4", {}, named(source.name), " ", el("span", { class: "hint" }, say(source.background ? "background" : "coded"))),
    ...source.description[view.lang].map((text) => el("p", {}, text)),
    el("p", { class: "hint" }, say("horizon", { date: source.horizon ? dateText(source.horizon) : "" })),
    el("ul", { class: "hint" }, facts.layers.flatMap((layer) => facts.coverage
      .filter((row) => row.source === id && row.layer === layer.id)
      .map((row) => el("li", {}, say("coverage_row", {
        layer: named(layer.name), from: row.first, to: row.last, degree: say(row.degree.replace("lwc:", "")),
      }))))),
  ));
  byId("about").replaceChildren(
    el("div", {}, el("h3", {}, say("how_to_read")), el("p", {}, say("how_to_read_text")), el("dl", {}, definitions)),
    el("div", {}, el("h3", {}, say("sources")), ...sources, el("h3", {}, say("keys")), el("p", {}, say("keys_text"))),
  );
}

/* ---------- Theme ---------- */

const isDark = () => (document.documentElement.dataset.theme ?? (dark.matches ? "dark" : "light")) === "dark";

function drawTheme() {
  byId("theme").textContent = say(isDark() ? "to_light" : "to_dark");
}

byId("theme").addEventListener("click", () => {
  document.documentElement.dataset.theme = isDark() ? "light" : "dark";
  keep("theme", document.documentElement.dataset.theme);
  drawTheme();
  drawn.clear();
  drawGraph();
});
dark.addEventListener("change", () => { drawTheme(); drawn.clear(); drawGraph(); });

/* A page opened as a file may have no storage; it then forgets the theme. */
function keep(key, value) {
  try { localStorage.setItem(`latticework-${key}`, value); } catch { /* no storage */ }
}
function kept(key) {
  try { return localStorage.getItem(`latticework-${key}`); } catch { return null; }
}

/* ---------- One way in: show ---------- */

/** Change what is chosen and draw what depends on it. */
function show(change = {}) {
  const before = { ...view };
  Object.assign(view, change);
  const whole = before.lang !== view.lang;
  if (whole) drawFrame();
  if (whole || before.layers !== view.layers || before.selected !== view.selected) drawChart();
  slider.value = number(view.date);
  slider.setAttribute("aria-valuetext", dateText(view.date));
  byId("date").textContent = dateText(view.date);
  byId("day").value = view.date;
  const current = currentTies();
  byId("count").textContent = say("count", {
    ties: current.length, possible: current.filter((item) => !item.certain).length,
    n: new Set(current.flatMap(({ tie }) => [tie.from, tie.to])).size,
  });
  drawNotice();
  byId("previous").disabled = !nextStop(-1);
  byId("next").disabled = !nextStop(1);
  drawGraph();
  moveCursor();
  drawPanel();
  drawTable();
  writeAddress();
  announce();
}

/** How well the sources cover a layer on the chosen day: the best of what they say. */
function coverageOf(layer) {
  const said = facts.coverage.filter((row) => row.layer === layer && within([row.first, row.last], view.date));
  return ["lwc:coveredFully", "lwc:coveredPartly"].find((degree) => said.some((row) => row.degree === degree)) ?? "lwc:notCovered";
}

/** Say where the sources are silent, so that the drawing is not taken for the whole. */
function drawNotice() {
  const chosen = facts.layers.filter((layer) => view.layers.has(layer.id));
  const silent = chosen.filter((layer) => coverageOf(layer.id) === "lwc:notCovered");
  const notice = byId("notice");
  notice.classList.toggle("silent", silent.length > 0);
  notice.textContent = silent.length
    ? say("notice", { layers: list(silent.map((layer) => named(layer.name))) })
    : chosen.length === 0 ? "" : say("notice_covered", { layers: list(chosen.map((layer) => `${named(layer.name)} – ${say(coverageOf(layer.id).replace("lwc:", ""))}`)) });
  byId("basis").textContent = chosen.length
    ? say("basis", { layers: list(chosen.map((layer) => named(layer.name))) }) : say("no_layers");
}

let announcing = 0;
function announce() {
  clearTimeout(announcing);
  announcing = setTimeout(() => {
    byId("status").textContent = `${byId("date").textContent}. ${byId("count").textContent}`;
  }, 600);
}

/** Select something, or nothing; from the keyboard the focus goes along. */
function select(id, follow = false) {
  hinted = "";
  const layer = facts.arrangements[tieById.get(id)?.arrangement ?? id]?.layer;
  const layers = layer && !view.layers.has(layer) ? new Set([...view.layers, layer]) : view.layers;
  show({ selected: id, layers });
  if (layers !== view.layers) drawLegend();
  byId("panel").scrollTop = 0;
  if (id && follow) byId("detail")?.focus({ preventScroll: matchMedia("(max-width: 60rem)").matches });
}

function close() {
  const back = opener;
  opener = null;
  select("");
  if (back) document.querySelector(`[data-id="${CSS.escape(back)}"]`)?.focus();
}

/* ---------- The address: date, language, layers and selection, to be sent to somebody ---------- */

function writeAddress() {
  const parts = [["date", view.date], ["lang", view.lang]];
  if (view.layers.size < facts.layers.length) parts.push(["layers", [...view.layers].sort().join(",")]);
  if (view.selected) parts.push(["select", view.selected]);
  const text = parts.map(([key, value]) => `${key}=${encodeURIComponent(value).replaceAll("%3A", ":").replaceAll("%2C", ",")}`).join("&");
  if (location.hash !== `#${text}`) history.replaceState(null, "", `#${text}`);
}

/** What an address asks for; what it gets wrong is left as it is. */
function readAddress() {
  const asked = new URLSearchParams(location.hash.slice(1));
  const found = {};
  const date = asked.get("date");
  if (date && isDay(date)) found.date = clamp(date);
  if (asked.get("lang") in LANGUAGES) found.lang = asked.get("lang");
  const layers = asked.get("layers")?.split(",").filter((id) => layerRank.has(id));
  if (layers?.length || asked.get("layers") === "") found.layers = new Set(layers);
  const id = asked.get("select") ?? "";
  const known = tieById.has(id) || Object.hasOwn(facts.states, id) || Object.hasOwn(facts.arrangements, id)
    || (id.startsWith("measure:") && MEASURES.includes(id.slice(8)));
  found.selected = known ? id : "";
  return found;
}

const isDay = (text) => /^\d{4}-\d\d-\d\d$/.test(text) && !Number.isNaN(number(text)) && iso(number(text)) === text;
const clamp = (date) => (date < facts.first ? facts.first : date > facts.last ? facts.last : date);

/* ---------- Wiring ---------- */

byId("previous").addEventListener("click", () => { pause(); step(-1); });
byId("next").addEventListener("click", () => { pause(); step(1); });
byId("play").addEventListener("click", play);
byId("language").addEventListener("click", () => show({ lang: other() }));
byId("day").addEventListener("change", (event) => {
  const text = event.currentTarget.value.trim();
  const whole = /^\d{4}$/.test(text) ? `${text}-12-31` : text;
  pause();
  show(isDay(whole) ? { date: clamp(whole) } : {});
});
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && view.selected) return close();
  const resting = event.target === document.body || event.target.closest?.("#panel, .stage");
  const way = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
  if (!way || !resting || event.target.matches("input") || event.altKey || event.ctrlKey || event.metaKey) return;
  event.preventDefault();
  pause();
  step(way);
});
addEventListener("hashchange", () => { show(readAddress()); drawLegend(); });
new ResizeObserver(() => { arrange(); drawChart(); }).observe(canvas);
document.fonts.addEventListener("loadingdone", () => { drawn.clear(); drawGraph(); });

const theme = kept("theme");
if (theme === "dark" || theme === "light") document.documentElement.dataset.theme = theme;
Object.assign(view, readAddress());
drawFrame();
arrange();
drawChart();
show();
