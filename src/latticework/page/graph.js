/* The drawing, by vis-network: states, ties, arrangements as nodes, threats, encounters.

   Each line and node gets a short key that says how it looks; only what has another key than
   before is styled and handed to vis. */

const nodeSet = new vis.DataSet([]);
const edgeSet = new vis.DataSet([]);
const graph = new vis.Network(canvas, { nodes: nodeSet, edges: edgeSet }, options);
const drawn = new Map(); // the keys of what vis has
let hinted = ""; // what the pointer or the focus is on in the lists, shown as if selected
let pointed = ""; // what the pointer is on in the drawing; it grows, and nothing else changes
let current = []; // the ties that are shown; kept until something is chosen anew
let arrows = [];
let encounters = [];

/** Take up what is chosen; to be called before anything is drawn. */
function gather() {
  current = currentTies();
  arrows = currentThreats();
  encounters = currentEncounters();
}

/** Set everything to its place. */
function arrange() {
  setPlaces();
  drawn.clear();
  drawGraph();
  graph.moveTo({ position: { x: 0, y: 0 }, scale: 1 });
}

/** The ties and lines that stand out while something is selected or hinted at; null for all alike. */
function focus(id) {
  if (!id) return null;
  if (tieById.has(id)) return new Set([id]);
  if (id.startsWith("diverge:")) return new Set([id.slice(8)]);
  if (/^(threats|met):/.test(id)) return new Set([id]);
  if (own(facts.arrangements, id)) return new Set(ties.filter((t) => t.arrangement === id).map((t) => t.id));
  if (own(facts.states, id)) return touching(id);
  if (own(facts.meetings, id)) return amid(new Set(facts.meetings[id].states));
  if (own(facts.divergences, id)) {
    const { pairs, arrangement } = facts.divergences[id];
    return new Set(pairs.map(([a, b]) => `${a}~${b}~${arrangement}`));
  }
  if (own(facts.threats, id)) return new Set([`threats:${facts.threats[id].origin}>${facts.threats[id].target}`]);
  if (!id.startsWith("measure:")) return null;
  const { pairs } = partnerPairs();
  const own_ = pairs[id.slice(8)];
  if (!own_) return null;
  const found = new Set(own_.flatMap((pair) => pair.ties.map((tie) => tie.id)));
  if (id === "measure:mediated") for (const tie of touching(facts.hub)) found.add(tie);
  return found;
}

const touching = (id) => new Set([...ties, ...arrows, ...encounters].filter((t) => t.from === id || t.to === id).map((t) => t.id));
const amid = (states) => new Set([...ties, ...encounters].filter((t) => states.has(t.from) && states.has(t.to)).map((t) => t.id));

/** Whether ties of this arrangement run through a node of their own. */
const NARY_SET = new Set(NARY);
const throughNode = (id) => view.whole === "nodes" && NARY_SET.has(id);

function drawGraph() {
  const shown = hinted || view.selected;
  const chosen = focus(shown);
  const visible = own(facts.states, shown) || [...current.map(({ tie }) => tie), ...arrows, ...encounters].some(({ id }) => chosen?.has(id));
  const focused = visible ? chosen : null; // what is not in view cannot stand out
  const kin = tieById.get(shown)?.arrangement;
  const dayBefore = iso(number(stopBefore(view.date)) - 1);
  const tied = new Map(); // node -> how it is tied
  const near = new Set([shown]);
  const lines = new Map();
  const spokes = new Map();
  mass = [];
  const touch = (id, status) => tied.set(id, status === "certain" || tied.get(id) === "certain" ? "certain" : tied.get(id) === "possible" ? "possible" : status);
  for (const item of current) {
    const { tie } = item;
    if (!place.has(tie.from) || !place.has(tie.to)) continue;
    const isNear = !focused || focused.has(tie.id);
    for (const id of [tie.from, tie.to]) {
      touch(id, item.status);
      if (focused && isNear || kin === tie.arrangement) near.add(id);
    }
    if (throughNode(tie.arrangement)) {
      for (const id of [tie.from, tie.to]) {
        const key = `in:${tie.arrangement}~${id}`;
        const old = spokes.get(key);
        spokes.set(key, { arrangement: tie.arrangement, member: id, item: old?.item.certain ? old.item : item, isNear: isNear && Boolean(focused) || Boolean(old?.isNear) || !focused });
      }
      continue;
    }
    const isNew = !view.span && item.certain && !standing(tie, [dayBefore, dayBefore])?.certain;
    const whole = view.whole === "hulls" && NARY_SET.has(tie.arrangement); // its hull says it
    const tone = isNear ? (whole && !focused ? 1 : 2) : kin === tie.arrangement ? 1 : 0;
    const thick = (focused && isNear) || tie.id === pointed;
    if (crowded && !thick) {
      mass.push({ ...item, tone });
      continue;
    }
    lines.set(tie.id, { key: `${item.status}${Number(item.background)}${tone}${Number(thick)}${Number(isNew)}`, style: () => tieStyle(item, tone, thick, isNew) });
  }
  for (const [id, spoke] of spokes) {
    touch(spoke.arrangement, spoke.item.status);
    if (focused && spoke.isNear) near.add(spoke.arrangement);
    lines.set(id, { key: `${spoke.item.status}${Number(spoke.item.background)}${spoke.isNear}${pointed === spoke.arrangement}`, style: () => spokeStyle(id, spoke, pointed === spoke.arrangement) });
  }
  for (const arrow of arrows) {
    if (!place.has(arrow.from) || !place.has(arrow.to)) continue;
    const isNear = !focused || focused.has(arrow.id);
    for (const id of [arrow.from, arrow.to]) {
      if (!tied.has(id)) tied.set(id, "told");
      if (focused && isNear) near.add(id);
    }
    const thick = arrow.id === pointed || (focused && isNear);
    lines.set(arrow.id, { key: `${arrow.dated}${isNear}${thick}${arrow.said.length}`, style: () => threatStyle(arrow, isNear, thick) });
  }
  for (const line of encounters) {
    if (!place.has(line.from) || !place.has(line.to)) continue;
    const isNear = !focused || focused.has(line.id);
    for (const id of [line.from, line.to]) {
      if (!tied.has(id)) tied.set(id, "told");
      if (focused && isNear) near.add(id);
    }
    lines.set(line.id, { key: `${line.meetings.length}${isNear}${line.id === pointed}`, style: () => encounterStyle(line, isNear, line.id === pointed) });
  }
  const points = new Map();
  for (const id of shownNodes(tied)) {
    const dimmed = Boolean(focused) && !near.has(id);
    const key = `${tied.get(id)}${id === view.selected}${dimmed}${id === pointed}${crowded && near.has(id) && Boolean(focused)}`;
    points.set(id, { key, style: () => nodeStyle(id, tied.get(id), id === view.selected, dimmed, crowded && (id === pointed || (Boolean(focused) && near.has(id)))) });
  }
  replace(nodeSet, points, "node");
  replace(edgeSet, lines, "edge");
  canvas.setAttribute("aria-label", say("graph_label", {
    n: [...tied.keys()].filter((id) => own(facts.states, id)).length, ties: current.length, date: spanText(),
  }));
  graph.redraw();
}

/** The states with a place, the arrangements that are shown as nodes, and what else is told of. */
function shownNodes(tied) {
  const held = new Set(current.map(({ tie }) => tie.arrangement));
  const told = new Set(arrows.flatMap(({ from, to }) => [from, to]));
  return [
    ...placedStates(),
    ...[OTHERS, ISSUES].filter((id) => told.has(id)),
    ...Object.keys(facts.arrangements).filter((id) => place.has(id)
      && (told.has(id) || (view.whole !== "ties" && held.has(id) && NARY_SET.has(id)))),
  ];
}

/** Hand to vis what is new or looks otherwise, and take away what is gone. */
function replace(set, wanted, kind) {
  const changed = [];
  for (const [id, { key, style }] of wanted) {
    const name = `${kind} ${id}`;
    if (drawn.get(name) !== key) changed.push(style());
    drawn.set(name, key);
  }
  const gone = set.getIds().filter((id) => !wanted.has(id));
  gone.forEach((id) => drawn.delete(`${kind} ${id}`));
  if (gone.length) set.remove(gone);
  if (changed.length) set.update(changed);
}

/* ---------- Styles ---------- */

/** A tie: colour and width say the layer, dashes how sure it is, hollow "background data only". */
function tieStyle({ tie, status, background }, tone, thick, isNew) {
  const layer = layerOf(tie);
  const faint = status === "failed" || status === "prospective";
  const line = rgba(faint ? mix(layerColour(layer), colour("stage"), 0.75) : layerColour(layer), [0.13, 0.4, 1][tone]);
  const width = (crowded ? 0.5 : 1) * layerWidth(layer) + (thick ? 1 : 0);
  return {
    id: tie.id,
    from: tie.from,
    to: tie.to,
    width: background ? Math.max(1, width * 0.45) : width,
    dashes: background ? false : dashesOf(layer, status),
    color: { color: background ? rgba(colour("stage"), tone ? 1 : 0.6) : line, inherit: false },
    background: background
      ? { enabled: true, color: line, size: width + 1.2, dashes: dashesOf(layer, status) }
      : { enabled: isNew && tone > 0, color: rgba(layerColour(layer), 0.2), size: width + 9, dashes: false },
    smooth: bend(tie.from, tie.to, tie.slot),
    arrows: "",
  };
}

function spokeStyle(id, { arrangement, member, item, isNear }, thick) {
  const { layer } = facts.arrangements[arrangement];
  const line = rgba(layerColour(layer), isNear ? 0.9 : 0.14);
  const width = layerWidth(layer) + (thick ? 1 : 0);
  const hollow = item.background;
  return {
    id, from: arrangement, to: member,
    width: hollow ? Math.max(1, width * 0.45) : width,
    dashes: hollow ? false : dashesOf(layer, item.status),
    color: { color: hollow ? rgba(colour("stage"), isNear ? 1 : 0.6) : line, inherit: false },
    background: { enabled: hollow, color: line, size: width + 1.2, dashes: dashesOf(layer, item.status) },
    smooth: { enabled: true, type: "curvedCW", roundness: 0 }, arrows: "",
  };
}

function threatStyle(arrow, isNear, thick) {
  return {
    id: arrow.id, from: arrow.from, to: arrow.to,
    width: Math.min(3, 1.2 + arrow.said.length * 0.15) + (thick ? 1 : 0),
    dashes: arrow.dated ? false : [2, 4],
    color: { color: rgba(colour("threat"), isNear ? 0.95 : 0.14), inherit: false },
    background: { enabled: false },
    smooth: bend(arrow.from, arrow.to, outerSlot(arrow.from, arrow.to, 2)),
    arrows: { to: { enabled: true, scaleFactor: 0.62, type: "arrow" } },
  };
}

function encounterStyle(line, isNear, thick) {
  return {
    id: line.id, from: line.from, to: line.to,
    width: Math.min(5, 1 + line.meetings.length * 0.35) + (thick ? 1 : 0),
    dashes: [1.5, 4],
    color: { color: rgba(colour("ink"), isNear ? 0.75 : 0.12), inherit: false },
    background: { enabled: false },
    smooth: bend(line.from, line.to, outerSlot(line.from, line.to, 1)),
    arrows: "",
  };
}

function nodeStyle(id, tied, chosen, dimmed, showName) {
  if (own(facts.arrangements, id)) return chipStyle(id, chosen, dimmed);
  if (id === OTHERS || id === ISSUES) return cornerStyle(id, chosen, dimmed);
  const hub = id === facts.hub;
  const held = tied === "certain" || tied === "possible";
  const stage = colour("stage");
  const ink = colour("ink");
  const quiet = mix(colour("quiet"), stage, dimmed ? 0.6 : 1);
  const fill = hub && tied ? mix(ink, stage, dimmed ? 0.5 : 1) : tied ? colour("surface") : stage;
  const text = tied && !dimmed ? (hub ? stage : ink) : hub && tied ? stage : quiet;
  const border = chosen ? colour("accent") : held ? mix(ink, stage, dimmed ? 0.3 : 0.62) : mix(ink, stage, tied ? 0.4 : 0.18);
  const small = narrow();
  const colours = { background: rgba(fill), border: rgba(border) };
  return {
    id,
    ...place.get(id),
    shape: crowded && !hub ? "dot" : "box",
    size: 5,
    label: crowded && !hub && !showName ? " " : labelOf(id),
    borderWidth: chosen ? 3 : 1.2,
    borderWidthSelected: chosen ? 3 : 1.2,
    color: { ...colours, hover: { background: rgba(fill), border: rgba(colour("accent")) }, highlight: colours },
    font: { face: fontFace(), size: small ? 11.5 : 13.5, color: rgba(text), strokeWidth: 0 },
    margin: small ? { top: 5, bottom: 5, left: 6, right: 6 } : { top: 7, bottom: 7, left: 9, right: 9 },
    shapeProperties: { borderRadius: 9, borderDashes: held && tied !== "certain" ? [4, 3] : !held && tied ? [1, 3] : false },
  };
}

/** An arrangement as a node of its own. */
function chipStyle(id, chosen, dimmed) {
  const arrangement = facts.arrangements[id];
  const line = layerColour(arrangement.layer);
  const fill = mix(line, colour("stage"), dimmed ? 0.05 : 0.14);
  const colours = { background: rgba(fill), border: rgba(chosen ? colour("accent") : mix(line, colour("stage"), dimmed ? 0.3 : 1)) };
  return {
    id,
    ...place.get(id),
    shape: "box",
    label: chipLabel(id),
    borderWidth: chosen ? 3 : 1.2,
    borderWidthSelected: chosen ? 3 : 1.2,
    color: { ...colours, hover: colours, highlight: colours },
    font: { face: fontFace(), size: narrow() ? 10.5 : 12, color: rgba(dimmed ? mix(colour("quiet"), colour("stage"), 0.6) : colour("ink")), strokeWidth: 0 },
    margin: { top: 4, bottom: 4, left: 7, right: 7 },
    shapeProperties: { borderRadius: 2, borderDashes: arrangement.status === "held" ? false : [4, 3] },
  };
}

/** The places for groups and for issues, in the lower corners. */
function cornerStyle(id, chosen, dimmed) {
  const line = rgba(chosen ? colour("accent") : mix(colour("threat"), colour("stage"), dimmed ? 0.3 : 0.8));
  const colours = { background: rgba(colour("stage")), border: line };
  return {
    id,
    ...place.get(id),
    shape: "box",
    label: say(id),
    borderWidth: 1.2,
    borderWidthSelected: 1.2,
    color: { ...colours, hover: colours, highlight: colours },
    font: { face: fontFace(), size: narrow() ? 10.5 : 12, color: rgba(colour("quiet")), strokeWidth: 0 },
    margin: { top: 5, bottom: 5, left: 7, right: 7 },
    shapeProperties: { borderRadius: 0, borderDashes: [1, 3] },
  };
}

/* ---------- Pointer ---------- */

const tip = byId("tip");

/** What a line or node is, in a few words. */
function tipText(id) {
  const tie = tieById.get(id);
  if (tie) {
    const item = current.find((one) => one.tie.id === id);
    return item ? [pairName(tie), arrangementName(tie.arrangement), `${say(`status_${item.status}`)} · ${list(item.sources.map(sourceName))}`].join("\n") : "";
  }
  if (id.startsWith("in:")) return tipText(id.slice(3).split("~")[0]);
  if (id.startsWith("threats:")) {
    const arrow = arrows.find((one) => one.id === id);
    if (!arrow) return "";
    const said = arrow.said.map((key) => facts.threats[key]);
    const lines = [...new Set(said.map((threat) => say("threat_said", { word: named(threat.word), sayer: named(threat.sayer) })))];
    const more = lines.length > 4 ? [say("more", { n: lines.length - 4 })] : [];
    return [say("threat_arrow", { from: endName(arrow.from), to: endName(arrow.to) }), ...lines.slice(0, 4), ...more].join("\n");
  }
  if (id.startsWith("met:")) {
    const line = encounters.find((one) => one.id === id);
    return line ? `${pairName(line)}\n${say("met_count", { n: line.meetings.length })}` : "";
  }
  if (own(facts.arrangements, id)) return `${arrangementName(id)}\n${memberList(members(id))}`;
  return own(facts.states, id) && crowded ? stateName(id) : "";
}

function point(id, at) {
  if (pointed === id) return;
  pointed = id;
  canvas.classList.toggle("pointing", Boolean(id));
  const text = id ? tipText(id) : "";
  tip.hidden = !text;
  tip.textContent = text;
  if (text && at) {
    const left = Math.min(at.x + 14, canvas.clientWidth - tip.offsetWidth - 6);
    const below = at.y + 18 + tip.offsetHeight < canvas.clientHeight;
    tip.style.left = `${Math.max(4, left)}px`;
    tip.style.top = `${below ? at.y + 18 : at.y - tip.offsetHeight - 10}px`;
  }
  drawGraph();
}

function hint(id) {
  if (hinted === id) return;
  hinted = id;
  drawGraph();
}

const opened = (id) => (id?.startsWith("in:") ? id.slice(3).split("~")[0] : id);
graph.on("click", ({ nodes: [node], edges: [edge], pointer: { DOM } }) => {
  graph.unselectAll();
  point("");
  const mark = markAt(DOM);
  const corner = { [OTHERS]: 1, [ISSUES]: 1 }[node] ? arrows.find(({ from, to }) => from === node || to === node)?.id : node;
  select(mark ?? corner ?? opened(edge) ?? massAt(DOM));
});
graph.on("hoverNode", ({ node, pointer: { DOM } }) => point(node, DOM));
graph.on("hoverEdge", ({ edge, pointer: { DOM } }) => point(edge, DOM));
graph.on("blurNode", () => point(""));
graph.on("blurEdge", () => point(""));
canvas.addEventListener("pointerleave", () => point(""));
