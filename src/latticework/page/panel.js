/* The side panel: an overview of the chosen day, or the details of what is selected.

   How to add a part. A script that stands in SCRIPTS (view/assemble.py) before "main" may
   - push a section of the overview: OVERVIEW.push({ title: () => text, body: () => [elements],
     when: () => boolean }); it is drawn anew whenever something is chosen, so it may follow
     view.date;
   - push a kind of details: DETAILS.push({ fits: (id) => boolean, draw: (id) => [elements] }),
     and teach known() (beside.js) the ids;
   - push a view that takes the place of the drawing: VIEWS.push({ id, title: () => text,
     node: element, draw: () => {} }); tabs appear as soon as there are two.
   Its data come as a JSON block of its own: page(..., blocks={"theory": ...}) in Python,
   read("theory") here. Its texts stand in ui.json. */

const OVERVIEW = [];
const DETAILS = [];
const VIEWS = [];
let opener = null; // the element from which the details were opened

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
  const body = view.selected ? details(view.selected) : overview();
  panel.classList.toggle("open", Boolean(view.selected));
  panel.replaceChildren(...body);
}

const overview = () => OVERVIEW.filter(({ when }) => when?.() ?? true).map(({ title, body }) => section(title(), ...body()));

OVERVIEW.push(
  { title: () => say("reading"), body: reading, when: () => Boolean(facts.hub) },
  { title: () => say("changes"), body: changes },
  { title: () => say("lane_meetings"), body: meetingsNow, when: () => Object.keys(facts.meetings).length > 0 },
  { title: () => say("threats_now"), body: threatsNow, when: () => view.extras.has("threats") || view.extras.has("undated") },
  { title: () => say("divergences_now"), body: divergencesNow, when: () => view.extras.has("divergences") },
  { title: () => say("arrangements"), body: arrangements },
  { title: () => say("periods_now"), body: periodsNow, when: () => Object.keys(facts.periods).length > 0 },
  { title: () => say("coverage"), body: coverageNow },
);

/** In a sentence what one sees: hub and spokes, one roof, a web, or something between. */
function caption() {
  const panel = panelOn(view.date);
  if (!facts.hub || !chosenCounted().length) return "";
  if (!panel?.covered || !panel.certain) return say("caption_not_covered");
  const { certain } = panel;
  if (certain.k < 2) return say("caption_small", { k: certain.k });
  const pairs = (certain.k * (certain.k - 1)) / 2;
  const n = (name) => Math.round(certain[name] * pairs);
  const values = { k: certain.k, pairs, mediated: n("mediated"), convened: n("convened"), autonomous: n("autonomous") };
  const kind = n("mediated") === pairs ? "star"
    : certain.mediated > 2 / 3 ? "mostly_star"
      : certain.autonomous >= 0.5 ? "net"
        : certain.convened >= 0.5 ? "roof" : "between";
  return say(`caption_${kind}`, values);
}

/** The lead measures as sentences with the counts behind them. */
function reading() {
  const panel = panelOn(view.date);
  if (!chosenCounted().length) return [el("p", { class: "hint" }, say(view.layers.size ? "none_counted" : "no_layers"))];
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
    filtered() ? el("p", { class: "hint" }, say("measures_unfiltered")) : null,
    view.span ? el("p", { class: "hint" }, say("measures_instant", { date: dateText(view.date) })) : null,
  ].filter(Boolean);
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

/* ---------- What just began or ended ---------- */

const KINDS_OF_CHANGE = ["begins", "begun", "may_begin", "ended", "over", "may_end", "silent"];

/** What changed at the last stop, or at all stops of the window: by source, then by what happened. */
function changes() {
  const stop = stopBefore(view.date);
  const [from] = days();
  const at = (change) => (view.span ? from <= change.date && change.date <= view.date : change.date === stop);
  const said = facts.changes.filter((change) => at(change) && view.layers.has(facts.arrangements[change.arrangement].layer)
    && view.sources.has(change.source) && !view.without.has(change.arrangement));
  const blocks = allSources.flatMap((source) => {
    const own = said.filter((change) => change.source === source);
    const lines = [...KINDS_OF_CHANGE.flatMap((kind) => changeLine(kind, own)), ...(view.span ? [] : coverageLines(source, stop))];
    return lines.length ? [el("p", { class: "hint" }, say("by_source", { source: sourceName(source) })), el("ul", { class: "plain changes" }, lines)] : [];
  });
  const when = view.span ? say("changes_within", { span: spanText() }) : say(stop === view.date ? "changes_today" : "changes_before", { date: dateText(stop) });
  return [el("p", { class: "when" }, when), ...(blocks.length ? blocks : [el("p", {}, say("changes_none"))])];
}

function changeLine(kind, said) {
  const own = said.filter((change) => change.kind === kind);
  if (!own.length) return [];
  return [el("li", {},
    el("span", { class: `mark ${kind}`, "aria-hidden": "true" }),
    el("div", {}, say(`change_${kind}`), el("ul", { class: "plain" }, own.map((change) => el("li", {},
      pick(change.arrangement, arrangementName(change.arrangement)),
      el("span", { class: "hint" }, ` ${list(change.members.map(stateName).sort(collate))}${view.span ? say("in_brackets", { text: dateText(change.date) }) : ""}`))))))];
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

/* ---------- What stands beside the ties ---------- */

const MOST = 6; // entries of a list that are shown at once

/** A list whose tail unfolds. */
function folded(items) {
  if (items.length <= MOST + 1) return [el("ul", { class: "plain" }, items)];
  return [
    el("ul", { class: "plain" }, items.slice(0, MOST)),
    el("details", { class: "more" }, el("summary", {}, say("more", { n: items.length - MOST })), el("ul", { class: "plain" }, items.slice(MOST))),
  ];
}

/** A meeting with its date, unless its name says it. */
function meetingItem([id, meeting]) {
  const name = named(meeting.name);
  const when = whenText(meeting.when);
  return el("li", {}, pick(id, name),
    el("span", { class: "hint" }, `${name.includes(when) ? "" : ` ${when}`}${meeting.exercise ? say("in_brackets", { text: say("exercise") }) : ""}`));
}

/** Meetings of the window; for a single day those of the year before it. */
function meetingsNow() {
  const span = view.span ? days() : [yearsBefore(view.date, 1), view.date];
  const found = meetingsWithin(span).reverse();
  const text = say(view.span ? "meetings_window" : "meetings_year", { n: found.length, date: dateText(view.date) });
  return [el("p", { class: "hint" }, text), ...folded(found.map(meetingItem))];
}

function threatsNow() {
  const found = [...arrows].sort((a, b) => collate(endName(a.from), endName(b.from)) || collate(endName(a.to), endName(b.to)));
  return [
    el("p", { class: "hint" }, say(view.span ? "threats_window" : "threats_year")),
    ...(found.length ? folded(found.map((arrow) => el("li", {},
      threatSwatch(!arrow.dated), pick(arrow.id, say("threat_arrow", { from: endName(arrow.from), to: endName(arrow.to) })),
      el("span", { class: "hint" }, ` ${say("threat_count", { n: arrow.said.length })}`)))) : [el("p", {}, say("threats_none"))]),
  ];
}

function divergencesNow() {
  const marked = current.filter(({ tie }) => divergencesOn(tie).length);
  const shown = new Set(marked.flatMap(({ tie }) => divergencesOn(tie)));
  const rest = Object.keys(facts.divergences).filter((id) => !facts.divergences[id].pairs.length);
  const item = (id) => el("li", {}, pick(id, named(facts.divergences[id].gist)));
  return [
    el("p", { class: "hint" }, say("divergences_hint")),
    ...(shown.size ? folded([...shown].sort().map(item)) : [el("p", {}, say("divergences_none"))]),
    ...(rest.length ? [el("h4", {}, say("divergences_unplaced")), ...folded(rest.map(item))] : []),
  ];
}

function periodsNow() {
  const found = Object.entries(facts.periods).filter(([, period]) => meets(period.possible, days()));
  if (!found.length) return [el("p", {}, say("periods_none"))];
  return [el("ul", { class: "plain" }, found.map(([id, period]) => el("li", {}, pick(id, named(period.name)),
    meets(period.certain, days()) ? null : el("span", { class: "hint" }, ` ${say("possible")}`))))];
}

function arrangements() {
  const held = new Map();
  for (const { tie, certain } of current) held.set(tie.arrangement, certain || (held.get(tie.arrangement) ?? false));
  for (const id of tieless()) held.set(id, true);
  if (!held.size) return [el("p", {}, say("arrangements_none"))];
  return facts.layers.filter((layer) => view.layers.has(layer.id)).flatMap((layer) => {
    const own = [...held.keys()]
      .filter((id) => facts.arrangements[id].layer === layer.id)
      .map((id) => ({ id, states: members(id) }))
      .sort((a, b) => b.states.size - a.states.size || collate(arrangementName(a.id), arrangementName(b.id)));
    if (!own.length) return [];
    return [
      el("h4", {}, swatch(layer.id), `${named(layer.name)}${say("in_brackets", { text: own.length })}`),
      ...folded(own.map(({ id, states }) => el("li", {},
        pick(id, arrangementName(id)),
        el("span", { class: "hint" }, ` ${states.size ? memberList(states) : say("membership_unrecorded")}`),
      ))),
    ];
  });
}

/** Arrangements of layers that do not count in which no two states are named: they tie nobody.
    One without any member stands there on every day, for its members have none. */
function tieless() {
  const told = new Set(chosenBeside().map((layer) => layer.id));
  const sources = (m) => m.sources.some((source) => view.sources.has(source));
  return told.size === 0 ? [] : Object.keys(facts.arrangements).filter((id) => {
    if (!told.has(facts.arrangements[id].layer) || view.without.has(id)) return false;
    const all = membershipsOf("arrangement", id);
    return !all.length || all.some(([, m]) => !m.wanted && sources(m) && meets(m.possible, days()));
  });
}

/** Names of members; those that are only possible carry a question mark. */
function memberList(states) {
  const names = [...states].map(([id, sure]) => stateName(id) + (sure ? "" : say("unsure")));
  return list(names.sort(collate));
}

function coverageNow() {
  const rows = facts.layers.filter((layer) => layer.counted || view.layers.has(layer.id)).flatMap((layer) => {
    const own = facts.coverage.filter((row) => row.layer === layer.id && within([row.first, row.last], view.date));
    return [
      el("dt", {}, swatch(layer.id), named(layer.name)),
      ...(own.length
        ? own.map((row) => el("dd", {}, `${say(row.degree.replace("lwc:", ""))} — ${sourceName(row.source)}`))
        : [el("dd", {}, say("notCovered"))]),
    ];
  });
  return [el("dl", { class: "coverage" }, rows)];
}
