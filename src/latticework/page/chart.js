/* The lanes under the drawing: the measures with their band, periods, meetings, and the axis. */

const THUMB = 9; // half the slider's thumb; the lanes keep the same margin
const BIN = 6; // pixels that share one tick of meetings
const axis = { from: FIRST, to: LAST }; // the days that the lanes show

const across = (date, width) => THUMB + ((number(date) - axis.from) / (axis.to - axis.from || 1)) * (width - 2 * THUMB);
const dayAt = (x, width) => Math.round(axis.from + ((x - THUMB) / (width - 2 * THUMB)) * (axis.to - axis.from));

/** Fit the axis to the chosen number of years, with the chosen day in it. */
function fitAxis() {
  const years = view.zoom === "all" ? Infinity : Number(view.zoom);
  const length = Math.min(LAST - FIRST, Math.round(years * 365.25));
  const day = number(view.date);
  if (axis.to - axis.from === length && axis.from <= day && day <= axis.to) return false;
  const end = day >= LAST - length ? LAST : Math.min(LAST, Math.max(FIRST + length, Math.round(day + length / 2)));
  Object.assign(axis, { from: end - length, to: end });
  return true;
}

/** The stretches of the chart: each panel lasts until the day before the next one. */
function stretches() {
  const all = panels();
  const [first, last] = [iso(axis.from), iso(axis.to)];
  return all
    .map((panel, i) => ({
      ...panel,
      from: panel.date < first ? first : panel.date,
      to: all[i + 1]?.date < last ? all[i + 1].date : last,
    }))
    .filter(({ from, to }) => from <= to);
}

const mostStates = Object.values(facts.panels).flat().reduce((most, p) => Math.max(most, p.certain?.n ?? 0, p.high?.n ?? 0), 2);
const LANES = [
  ...MEASURES.map((name) => ({ name, lines: [(shares) => shares[name]], most: () => 1 })),
  {
    name: "size",
    lines: [(shares) => shares.n, (shares) => shares.k],
    most: () => mostStates,
  },
];

function drawChart() {
  fitAxis();
  const chart = byId("chart");
  const rows = stretches();
  const held = document.activeElement?.dataset?.lane;
  const lanes = LANES.map((lane) => {
    const head = lane.name === "size"
      ? el("span", { class: "lane-name" }, say("size"))
      : el("button", {
        type: "button",
        class: "lane-name",
        "data-lane": lane.name,
        "aria-pressed": String(view.selected === `measure:${lane.name}`),
        onclick: () => select(`measure:${lane.name}`),
      }, say(lane.name));
    const plot = svg("svg", { class: "lane-plot measure", "aria-hidden": "true" });
    const dot = el("span", { class: `dot ${lane.name}`, "aria-hidden": "true" });
    plot.addEventListener("pointerdown", scrub);
    plot.addEventListener("pointermove", (event) => event.buttons && scrub(event));
    // A point of the curve opens to what it counts; dragging only goes through time.
    plot.addEventListener("click", (event) => {
      if (Math.abs(event.clientX - scrubbed) < 4 && lane.name !== "size") select(`measure:${lane.name}`);
    });
    return el("div", { class: "lane measure" }, el("div", { class: "lane-head" }, dot, head, el("span", { class: "lane-value" })), plot);
  });
  const events = ["periods", "meetings"].filter((name) => Object.keys(facts[name]).length);
  chart.replaceChildren(...events.map(eventLane), ...lanes);
  const width = chart.querySelector("svg").clientWidth;
  cursor.width = 0;
  if (width <= 2 * THUMB) return; // not laid out yet; it is drawn again as soon as it is
  chart.querySelectorAll(".measure > svg").forEach((plot, i) => drawLane(plot, LANES[i], rows, width, i === 0));
  for (const [name, draw] of [["meetings", drawTicks], ["periods", drawPeriods]]) {
    if (events.includes(name)) draw(chart.querySelector(`.${name} svg`), width);
  }
  drawAxis(width);
  slider.min = axis.from;
  slider.max = axis.to;
  takeCursor(chart, width);
  if (held) chart.querySelector(`[data-lane="${held}"]`)?.focus();
  moveCursor();
}

function eventLane(name) {
  return el("div", { class: `lane events ${name}` },
    el("div", { class: "lane-head" }, el("span", { class: "lane-name" }, say(`lane_${name}`)), el("span", { class: "lane-value" })),
    svg("svg", { class: "lane-plot", "aria-hidden": "true" }));
}

const laneHeight = (plot, lane) => {
  const most = lane.most();
  const height = plot.clientHeight;
  return (value) => height - 3 - (value / most) * (height - 6);
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
    ...lane.lines.map(() => svg("circle", { class: "cursor-dot", r: 3.6 })),
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

/** Meetings and exercises: those that fall on the same few pixels make one tick, the higher the
    more there are; it opens the one, or the list of them. */
function drawTicks(plot, width) {
  const height = plot.clientHeight;
  plot.setAttribute("viewBox", `0 0 ${width} ${height}`);
  const bins = new Map();
  for (const [id, meeting] of meetingsWithin([iso(axis.from), iso(axis.to)])) {
    const [from, to] = meeting.span.map((day, i) => number(day ?? meeting.span[1 - i]));
    const x = across(iso(Math.min(axis.to, Math.max(axis.from, Math.round((from + to) / 2)))), width);
    const bin = Math.floor(x / BIN);
    bins.set(bin, [...(bins.get(bin) ?? []), [id, meeting]]);
  }
  const most = Math.max(4, ...[...bins.values()].map((own) => own.length));
  plot.append(svg("path", { class: "rule", d: `M${THUMB} ${height - 1}H${width - THUMB}` }));
  for (const [bin, own] of bins) {
    const ids = own.map(([id]) => id);
    const tall = Math.max(6, (own.length / most) * (height - 3));
    const exercise = own.some(([, meeting]) => meeting.exercise);
    const x = (bin + 0.5) * BIN;
    const days = own.flatMap(([, meeting]) => meeting.span.filter(Boolean)).sort();
    const target = ids.length === 1 ? ids[0] : `meetings:${days[0]}~${days.at(-1)}`;
    const title = svg("title");
    title.textContent = own.map(([, meeting]) => `${whenText(meeting.when)}${say("colon")}${named(meeting.name)}`).join("\n");
    const hit = svg("rect", { class: "tick-hit", x: x - BIN / 2 - 1, y: 0, width: BIN + 2, height });
    const tick = svg("g", { class: "tick-group", "data-meetings": ids.join(" ") }, title, hit,
      svg("rect", { class: "tick", x: x - 1.6, y: height - 1 - tall, width: 3.2, height: tall, rx: 1 }));
    if (exercise) tick.append(svg("circle", { class: "tick-exercise", cx: x, cy: Math.max(3, height - 1 - tall - 1), r: 2.8 }));
    tick.addEventListener("click", () => { pause(); select(target); });
    plot.append(tick);
  }
  plot.append(svg("line", { class: "cursor", y1: 0, y2: height }));
}

/** Periods as bands: full where they certainly hold, light where they may. */
function drawPeriods(plot, width) {
  const height = plot.clientHeight;
  plot.setAttribute("viewBox", `0 0 ${width} ${height}`);
  Object.entries(facts.periods).forEach(([id, period], rank) => {
    const edge = (day, otherwise) => across(iso(Math.min(axis.to, Math.max(axis.from, day ? number(day) : otherwise))), width);
    const [x, end] = [edge(period.possible[0], axis.from), edge(period.possible[1], axis.to)];
    const [sure, until] = [edge(period.certain[0], axis.from), edge(period.certain[1], axis.to)];
    if (end - x < 1) return;
    const name = shortName(period.name).replace(/ (period|administration)$/, "");
    const title = svg("title");
    title.textContent = named(period.name);
    const group = svg("g", { class: `period ${rank % 2 ? "odd" : "even"}${view.selected === id ? " chosen" : ""}`, "data-period": id }, title,
      svg("rect", { class: "period-possible", x, y: 2, width: end - x, height: height - 4 }),
      svg("rect", { class: "period-certain", x: sure, y: 2, width: Math.max(0, until - sure), height: height - 4 }));
    const room = until - sure;
    const needs = [...name].reduce((sum, char) => sum + (char > "\u2e7f" ? 12 : 6.4), 8);
    if (room > needs) {
      const text = svg("text", { class: "period-name", x: (sure + until) / 2, y: height / 2 + 4 });
      text.textContent = name;
      group.append(text);
    }
    group.addEventListener("click", () => { pause(); select(id); });
    plot.append(group);
  });
  plot.append(svg("line", { class: "cursor", y1: 0, y2: height }));
}

function drawAxis(width) {
  const plot = byId("axis");
  plot.setAttribute("viewBox", `0 0 ${width} 26`);
  const stops = facts.stops.filter((stop) => axis.from <= number(stop) && number(stop) <= axis.to);
  const shown = stops.length > width / 3 ? [] : stops; // a thousand ticks say nothing
  plot.replaceChildren(svg("rect", { class: "window", y: 0, height: 6 }), ...shown.map((stop) => {
    const x = across(stop, width);
    return svg("line", { class: "stop", x1: x, x2: x, y1: 0, y2: 6 });
  }));
  const [from, to] = [iso(axis.from), iso(axis.to)].map((day) => Number(day.slice(0, 4)));
  const step = [1, 2, 5, 10, 20, 50].find((size) => ((to - from + 1) / size) * 44 < width) ?? 100;
  for (let year = Math.ceil(from / step) * step; year <= to; year += step) {
    if (number(`${year}-01-01`) < axis.from) continue;
    const label = svg("text", { class: "year", x: Math.min(width - 16, Math.max(16, across(`${year}-01-01`, width))), y: 22 });
    label.textContent = year;
    plot.append(label);
  }
}

/* What moves with time in the lanes, looked up once: reading it anew at every step would make the
   browser lay out the page each time. */
const cursor = { width: 0, lines: [], lanes: [], meetings: null, window: null };

function takeCursor(chart, width) {
  Object.assign(cursor, {
    width,
    lines: [...chart.querySelectorAll(".cursor")],
    lanes: [...chart.querySelectorAll(".lane.measure")].map((row, i) => ({
      value: row.querySelector(".lane-value"),
      dots: [...row.querySelectorAll(".cursor-dot")],
      up: laneHeight(row.querySelector("svg"), LANES[i]),
    })),
    meetings: chart.querySelector(".meetings .lane-value"),
    window: byId("axis").querySelector(".window"),
  });
}

/** Put the cursor and the values beside the lanes to the chosen day. */
function moveCursor() {
  if (fitAxis()) return drawChart();
  if (!cursor.width) return;
  const panel = panelOn(view.date);
  const x = across(view.date, cursor.width);
  for (const line of cursor.lines) {
    line.setAttribute("x1", x);
    line.setAttribute("x2", x);
  }
  cursor.lanes.forEach(({ value, dots, up }, i) => {
    dots.forEach((dot, n) => {
      const share = panel?.covered && panel.certain ? LANES[i].lines[n](panel.certain) : null;
      dot.style.display = share === null ? "none" : "";
      dot.setAttribute("cx", x);
      dot.setAttribute("cy", share === null ? 0 : up(share));
    });
    write(value, laneValue(LANES[i], panel));
  });
  const [from, to] = days();
  if (cursor.meetings) write(cursor.meetings, view.span ? String(meetingsWithin([from, to]).length) : "");
  const start = across(iso(Math.max(axis.from, number(from))), cursor.width);
  cursor.window.setAttribute("x", start);
  cursor.window.setAttribute("width", view.span ? Math.max(0, x - start) : 0);
}

/** Set a text only where it differs. */
function write(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

function laneValue(lane, panel) {
  if (!chosenCounted().length) return "";
  if (!panel?.covered || !panel.certain) return say("not_covered");
  const { certain, low, high } = panel;
  if (lane.name === "size") return say("size_value", certain);
  if (certain[lane.name] === null) return say("undefined_short");
  const band = bandOf(lane.name, low, high);
  return percent(certain[lane.name]) + (band ? ` (${band})` : "");
}

/** The band of a measure as text; nothing where it has no width to speak of. */
function bandOf(name, low, high) {
  if (!low || !high || low[name] === null || high[name] === null) return "";
  const [from, to] = [percent(low[name]), percent(high[name])];
  return from === to ? "" : `${from}–${to}`;
}
