/* Where things stand in the drawing, in pixels from its middle. States keep their place over the
   whole period; the size of the drawing, the layout and the switches alone move them. */

const canvas = byId("graph");
const place = new Map(); // of states, arrangements and the two places for what is no state
let small = false; // whether the drawing is narrow, as on a phone
const narrow = () => small;
const crowded = nodes.length > 48; // then states are dots, and names come up on demand
const NARY = Object.keys(facts.arrangements).filter((id) => new Set(membershipsOf("arrangement", id).map(([, m]) => m.member)).size > 2);

/* The states that no tie ever holds, by the switch that brings them in, on whatever day. */
const strangers = (ids) => new Set(ids.filter((id) => own(facts.states, id) && !facts.states[id].ring));
const ends = (threats) => threats.flatMap(({ origin, target }) => [origin, target]);
const BROUGHT_IN = {
  threats: strangers(ends(Object.values(facts.threats).filter(({ span }) => span))),
  undated: strangers(ends(Object.values(facts.threats).filter(({ span }) => !span))),
  meetings: strangers(Object.values(facts.meetings).flatMap(({ states }) => states)),
  never: strangers(ties.filter((tie) => countsTie(tie) && !tie.spells.length).flatMap((tie) => [tie.from, tie.to])),
};
const broughtIn = () => Object.entries(BROUGHT_IN).filter(([key]) => view.extras.has(key)).map(([, states]) => states);

/* And the states that only ties of layers hold that do not count, by layer. */
const BESIDE = new Map(facts.layers.filter((layer) => !layer.counted).map(({ id }) => [
  id, strangers(ties.filter((tie) => layerOf(tie) === id).flatMap((tie) => [tie.from, tie.to])),
]));
const broughtBeside = () => chosenBeside().map(({ id }) => BESIDE.get(id));

/** Whether states are drawn that no tie ever holds. */
const wide = () => broughtIn().some((states) => states.size > 0);

/** The states that have a place under the present switches. */
function placedStates() {
  const more = [...broughtIn(), ...broughtBeside()];
  return nodes.map(({ id }) => id).filter((id) => facts.states[id].ring || more.some((states) => states.has(id)));
}

function setPlaces() {
  const { clientWidth: width, clientHeight: height } = canvas;
  small = width < 560;
  const across = width / 2 - (crowded ? 24 : narrow() ? 42 : 68);
  const down = height / 2 - (crowded ? 16 : narrow() ? 24 : 28);
  const at = ([x, y]) => ({ x: (x / 1000) * across, y: (y / 1000) * down });
  place.clear();
  const round = wide();
  const apart = []; // states that only layers bring in that do not count: they move no other one
  const others = broughtIn();
  for (const id of placedStates()) {
    const { ring, wide: outer, map, inner } = facts.states[id];
    const guest = !ring && !others.some((states) => states.has(id));
    if (guest) apart.push(id);
    place.set(id, at(view.layout === "map" ? map : guest ? inner : round ? outer : ring));
  }
  const states = [...place.keys()].filter((id) => !apart.includes(id));
  place.set(OTHERS, at([-1000, 1000]));
  place.set(ISSUES, at([1000, 1000]));
  const corners = view.extras.has("threats") || view.extras.has("undated") ? [OTHERS, ISSUES] : [];
  if (!crowded) separate(states, [facts.hub, ...corners]);
  if (!crowded && apart.length) separate(apart, [...states, ...corners]);
  const chips = NARY.filter((id) => (counts(facts.arrangements[id].layer) || view.layers.has(facts.arrangements[id].layer)) && placeArrangement(id));
  if (!crowded) separate(chips, [...place.keys()].filter((id) => !chips.includes(id)));
}

/** An arrangement stands amid its members, in the ring drawn from the hub towards the others. */
function placeArrangement(id) {
  const all = [...new Set(membershipsOf("arrangement", id).map(([, m]) => m.member))];
  const around = all.filter((state) => place.has(state) && (view.layout === "map" || state !== facts.hub));
  if (!around.length) return false;
  const mean = (axis) => around.reduce((sum, state) => sum + place.get(state)[axis], 0) / around.length;
  const pull = view.layout === "map" ? 1 : 0.7;
  place.set(id, { x: mean("x") * pull, y: mean("y") * pull });
  return true;
}

/** The size of a name as it is drawn. */
function boxOf(id) {
  const chip = own(facts.arrangements, id);
  const lines = (chip ? chipLabel(id) : labelOf(id)).split("\n");
  const letter = narrow() ? 11.5 : 13.5;
  const wideness = (text) => [...text].reduce((sum, char) => sum + (char > "\u2e7f" ? 1 : 0.56), 0) * letter;
  return {
    width: Math.max(...lines.map(wideness)) + (narrow() ? 16 : 24),
    height: lines.length * letter * 1.1 + (narrow() ? 14 : 19),
  };
}

/** Push names apart where they overlap; those that are fixed stay where they are. */
function separate(moving, fixed) {
  const { clientWidth: width, clientHeight: height } = canvas;
  const all = [...new Set([...moving, ...fixed])].filter((id) => place.has(id));
  const held = new Set(fixed);
  const box = new Map(all.map((id) => [id, boxOf(id)]));
  for (let round = 0; round < 120; round += 1) {
    let moved = false;
    all.forEach((one, i) => all.slice(i + 1).forEach((another) => {
      if (held.has(one) && held.has(another)) return;
      const [a, b] = [place.get(one), place.get(another)];
      const over = {
        x: (box.get(one).width + box.get(another).width) / 2 + 4 - Math.abs(a.x - b.x),
        y: (box.get(one).height + box.get(another).height) / 2 + 4 - Math.abs(a.y - b.y),
      };
      if (over.x <= 0.5 || over.y <= 0.5) return;
      moved = true;
      const axis = over.x < over.y ? "x" : "y";
      const way = b[axis] > a[axis] || (b[axis] === a[axis] && another > one) ? 1 : -1;
      const share = held.has(one) ? 0 : held.has(another) ? 1 : 0.5;
      a[axis] -= way * over[axis] * share;
      b[axis] += way * over[axis] * (1 - share);
    }));
    for (const id of all) {
      if (held.has(id)) continue;
      const { width: w, height: h } = box.get(id);
      const at = place.get(id);
      at.x = Math.min((width - w) / 2 - 2, Math.max((w - width) / 2 + 2, at.x));
      at.y = Math.min((height - h) / 2 - 2, Math.max((h - height) / 2 + 2, at.y));
    }
    if (!moved) return;
  }
  // Where pushing goes on and on, a name takes the nearest place that is free.
  for (const id of all) {
    if (held.has(id) || isFree(id, place.get(id), all, box)) continue;
    const at = place.get(id);
    const tries = Array.from({ length: 1200 }, (_, i) => {
      const [far, angle] = [6 * (1 + Math.floor(i / 24)), ((i % 24) * Math.PI) / 12];
      return { x: at.x + far * Math.cos(angle), y: at.y + far * Math.sin(angle) };
    });
    Object.assign(at, tries.find((spot) => isFree(id, spot, all, box)) ?? at);
  }
}

/** Whether a name at a spot would lie within the drawing and over no other name. */
function isFree(id, spot, all, box) {
  const { width, height } = box.get(id);
  if (Math.abs(spot.x) > (canvas.clientWidth - width) / 2 || Math.abs(spot.y) > (canvas.clientHeight - height) / 2) return false;
  return all.every((other) => other === id
    || Math.abs(place.get(other).x - spot.x) >= (box.get(other).width + width) / 2
    || Math.abs(place.get(other).y - spot.y) >= (box.get(other).height + height) / 2);
}

const slotsOf = new Map(); // pair -> how many slots its ties take
for (const tie of ties) {
  const pair = `${tie.from}~${tie.to}`;
  const rank = tie.slot > 0 ? 2 * tie.slot : 1 - 2 * tie.slot;
  slotsOf.set(pair, Math.max(slotsOf.get(pair) ?? 0, rank));
}

/** A slot beside all ties of two states, for lines of another kind. */
function outerSlot(one, another, more = 0) {
  const taken = (slotsOf.get(`${one}~${another}`) ?? slotsOf.get(`${another}~${one}`) ?? 0) + more;
  return (taken % 2 ? 1 : -1) * Math.ceil(taken / 2);
}

/** How a line bends: lines of one pair lie side by side, and none runs through the hub.
    Straight ones are curves without bend: vis draws glow and hollow lines for curves only. */
function bend(one, another, slot) {
  const [from, to] = [place.get(one), place.get(another)];
  const [dx, dy] = [to.x - from.x, to.y - from.y];
  const length = Math.hypot(dx, dy) || 1;
  const gap = narrow() ? 8 : 11;
  const clear = narrow() ? 34 : 52;
  let offset = slot * gap;
  const hub = place.get(facts.hub);
  if (hub && one !== facts.hub && another !== facts.hub) {
    const [hx, hy] = [hub.x - from.x, hub.y - from.y];
    const along = (hx * dx + hy * dy) / length;
    const fromHub = (hy * dx - hx * dy) / length; // signed distance of the hub from the line
    if (Math.abs(fromHub) < clear && along > 20 && along < length - 20) {
      const rank = slot > 0 ? 2 * slot - 1 : -2 * slot;
      offset = (fromHub < 0 ? -1 : 1) * (clear - Math.abs(fromHub) + rank * gap);
    }
  }
  // vis puts the control point at (1 + r) / 2 of the length, turned by r quarter circles.
  let roundness = 0;
  for (let i = 0; i < 4; i += 1) {
    const sine = (4 * Math.abs(offset)) / (length * (1 + roundness));
    roundness = (Math.asin(Math.min(1, sine)) * 2) / Math.PI;
  }
  return { enabled: true, type: offset > 0 ? "curvedCW" : "curvedCCW", roundness };
}

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

/** A name on a few short lines; Chinese, whose letters count double, breaks before a bracket. */
function wrap(name, least = narrow() ? 9 : view.lang === "zh" ? 24 : 12) {
  const size = (text) => text.replace(/[^\x00-\xff]/g, "xx").length;
  const most = Math.max(least, size(name) / 2.5);
  return name.replaceAll("（", " （").split(" ").reduce((text, word) => {
    const last = text.slice(text.lastIndexOf("\n") + 1);
    const joint = last && size(last) + size(word) >= most ? "\n" : word.startsWith("（") ? "" : " ";
    return text ? text + joint + word : word;
  }, "");
}

/** What is written on the node of an arrangement. */
const chipLabel = (id) => wrap(shortName(facts.arrangements[id].name), narrow() ? 14 : 18);

/** What is written on a node that is no arrangement. */
const labelOf = (id) => (id === OTHERS || id === ISSUES ? say(id) : wrap(stateName(id)));
