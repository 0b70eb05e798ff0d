/* The web at a date or within a window: which ties hold, and how; who is tied how to the hub. */

/** Whether the measures know of a layer, and of a tie; of others the drawing and the lists tell. */
const counts = (layer) => countedLayers.includes(layer);
const countsTie = (tie) => counts(layerOf(tie));

/** The chosen layers that the measures count, and those that are only drawn beside them. */
const chosenCounted = () => countedLayers.filter((id) => view.layers.has(id));
const chosenBeside = () => facts.layers.filter((layer) => !layer.counted && view.layers.has(layer.id));

/** The days on which something changes, also in layers that are switched on beside the counted. */
function stops() {
  const more = new Set(chosenBeside().map((layer) => layer.id));
  if (!more.size) return facts.stops;
  const days = facts.changes.filter((change) => more.has(facts.arrangements[change.arrangement].layer)).map((change) => change.date);
  return [...new Set([...facts.stops, ...days])].sort();
}

/** The last stop on or before a day. */
const stopBefore = (date) => stops().findLast((stop) => stop <= date) ?? facts.first;

function nextStop(direction) {
  return direction > 0
    ? stops().find((stop) => stop > view.date)
    : stops().findLast((stop) => stop < view.date);
}

/** How a tie stands within some days: certain or only possible, and by the word of which sources.
    One that never came about stands as "prospective" or "failed", on any day. */
function standing(tie, span, sources = allSources) {
  if (!tie.spells.length) {
    const who = tie.wanted.filter((source) => sources.includes(source));
    return who.length ? { status: facts.arrangements[tie.arrangement].status === "failed" ? "failed" : "prospective", certain: false, sources: who, background: false } : null;
  }
  const holding = tie.spells.filter((spell) => meets(spell.possible, span) && spell.sources.every((source) => sources.includes(source)));
  if (!holding.length) return null;
  const sure = holding.filter((spell) => spell.certain && meets(spell.certain, span));
  const said = [...new Set((sure.length ? sure : holding).flatMap((spell) => spell.sources))].sort();
  return {
    status: sure.length ? "certain" : "possible",
    certain: sure.length > 0,
    sources: said,
    background: said.every((source) => facts.sources[source].background),
  };
}

const layerOf = (tie) => facts.arrangements[tie.arrangement].layer;

/** The ties that are shown, each with its standing. The measures count those of the chosen layers
    that hold on the day itself, whatever else is filtered: `counted` gives these. */
function currentTies() {
  const sources = allSources.filter((id) => view.sources.has(id));
  const span = days();
  const found = [];
  for (const tie of ties) {
    if (!view.layers.has(layerOf(tie)) || view.without.has(tie.arrangement)) continue;
    if (!tie.spells.length && !view.extras.has("never")) continue;
    const stands = standing(tie, span, sources);
    if (stands) found.push({ tie, ...stands });
  }
  return view.least > 1 ? found.filter(sharedEnough(found)) : found;
}

/** Keeps the ties of pairs that share enough arrangements which hold or may hold. */
function sharedEnough(found) {
  const shared = new Map();
  for (const { tie } of found) {
    if (tie.spells.length) shared.set(`${tie.from}~${tie.to}`, (shared.get(`${tie.from}~${tie.to}`) ?? 0) + 1);
  }
  return ({ tie }) => (shared.get(`${tie.from}~${tie.to}`) ?? 0) >= view.least;
}

/** The ties that the measures count: of the chosen layers that count, certain on the day itself. */
function counted() {
  return ties.filter((tie) => view.layers.has(layerOf(tie)) && countsTie(tie) && tie.spells.length && standing(tie, [view.date, view.date])?.certain);
}

/** The members of an arrangement within the days looked at, with whether each is one for certain. */
function members(arrangement, span = days()) {
  const found = new Map();
  for (const [, membership] of membershipsOf("arrangement", arrangement)) {
    if (membership.wanted ? !view.extras.has("never") && facts.arrangements[arrangement].status === "held" : !meets(membership.possible, span)) continue;
    const sure = !membership.wanted && meets(membership.certain, span);
    found.set(membership.member, sure || (found.get(membership.member) ?? false));
  }
  return found;
}

const membershipIndex = { arrangement: new Map(), member: new Map() };
for (const entry of Object.entries(facts.memberships)) {
  for (const [key, index] of Object.entries(membershipIndex)) {
    const id = entry[1][key];
    if (!index.has(id)) index.set(id, []);
    index.get(id).push(entry);
  }
}
/** The memberships of a state or in an arrangement, each with its name. */
const membershipsOf = (key, id) => membershipIndex[key].get(id) ?? [];

/** The panels that count the chosen layers; none where no layer that counts is chosen. */
const panels = () => facts.panels[chosenCounted().sort().join("+")] ?? [];

/** The lead panel on a day: the one of the last change before it. */
const panelOn = (date) => panels().findLast((panel) => panel.date <= date);

/** How the hub's partners are tied for certain, pair by pair: what the shares count. */
function partnerPairs() {
  const held = new Map(); // pair -> the ties that hold it for certain
  const withHub = new Set();
  const partners = new Set();
  for (const tie of counted()) {
    if (tie.from === facts.hub || tie.to === facts.hub) {
      partners.add(tie.from === facts.hub ? tie.to : tie.from);
      withHub.add(tie.arrangement);
    }
    const pair = `${tie.from}~${tie.to}`;
    if (!held.has(pair)) held.set(pair, []);
    held.get(pair).push(tie);
  }
  const names = [...partners].sort();
  const pairs = { mediated: [], convened: [], autonomous: [] };
  names.forEach((one, i) => names.slice(i + 1).forEach((another) => {
    const own = held.get(`${one}~${another}`) ?? [];
    const free = own.filter((tie) => !withHub.has(tie.arrangement));
    const kind = free.length ? "autonomous" : own.length ? "convened" : "mediated";
    pairs[kind].push({ one, another, ties: free.length ? free : own });
  }));
  return { pairs, partners: names };
}

/** How well the sources cover a layer on the chosen day: the best of what they say. */
function coverageOf(layer) {
  const said = facts.coverage.filter((row) => row.layer === layer && within([row.first, row.last], view.date));
  return ["lwc:coveredFully", "lwc:coveredPartly"].find((degree) => said.some((row) => row.degree === degree)) ?? "lwc:notCovered";
}
