/* What is shown beside the ties: threats, divergences, meetings. */

const OTHERS = "others"; // where groups and persons stand
const ISSUES = "issues"; // where things that are no actors stand
const MEMORY = 1; // years for which a word on a threat is shown after its day

/** The arrows of who calls whom a threat: one for each two ends, with what is said along it. */
function currentThreats() {
  if (!view.extras.has("threats") && !view.extras.has("undated")) return [];
  const [from, to] = view.span ? days() : [yearsBefore(view.date, MEMORY), view.date];
  const arrows = new Map();
  for (const [id, threat] of Object.entries(facts.threats)) {
    const dated = threat.span !== null;
    if (dated ? !view.extras.has("threats") || !meets(threat.span, [from, to]) : !view.extras.has("undated")) continue;
    const key = `threats:${threat.origin}>${threat.target}`;
    if (!arrows.has(key)) arrows.set(key, { id: key, from: threat.origin, to: threat.target, said: [], dated: false });
    const arrow = arrows.get(key);
    arrow.said.push(id);
    arrow.dated ||= dated;
  }
  return [...arrows.values()];
}

/** All that is said along an arrow, whatever the day. */
const saidAlong = (from, to) => Object.entries(facts.threats).filter(([, t]) => t.origin === from && t.target === to);

function endName(id) {
  if (id === OTHERS || id === ISSUES) return say(id);
  return own(facts.states, id) ? stateName(id) : arrangementName(id);
}

const divergencesByTie = new Map();
for (const [id, divergence] of Object.entries(facts.divergences)) {
  for (const [a, b] of divergence.pairs) {
    const key = `${a}~${b}~${divergence.arrangement}`;
    if (!divergencesByTie.has(key)) divergencesByTie.set(key, []);
    divergencesByTie.get(key).push(id);
  }
}
/** The divergences between the two states of a tie, within its arrangement. */
const divergencesOn = (tie) => divergencesByTie.get(`${tie.from}~${tie.to}~${tie.arrangement}`) ?? [];

/** Meetings that took or may have taken place within some days. */
const meetingsWithin = (span) => Object.entries(facts.meetings).filter(([, meeting]) => meets(meeting.span, span));
const meetingsOf = (keep) => Object.entries(facts.meetings).filter(([, meeting]) => keep(meeting));

/** Lines between states that met within the days looked at, with their meetings. */
function currentEncounters() {
  if (!view.extras.has("meetings")) return [];
  const lines = new Map();
  for (const [id, meeting] of meetingsWithin(days())) {
    meeting.states.forEach((one, i) => meeting.states.slice(i + 1).forEach((another) => {
      const key = `met:${one}~${another}`;
      if (!lines.has(key)) lines.set(key, { id: key, from: one, to: another, meetings: [] });
      lines.get(key).meetings.push(id);
    }));
  }
  return [...lines.values()];
}

const persons = new Map(); // who took part in meetings, with name, offices and meetings
for (const [id, meeting] of Object.entries(facts.meetings)) {
  for (const participant of meeting.participants) {
    if (!participant.person) continue;
    if (!persons.has(participant.person)) persons.set(participant.person, { name: participant.person_name, meetings: [] });
    persons.get(participant.person).meetings.push([id, participant]);
  }
}

/** Whether something of this name can be opened. */
function known(id) {
  const [kind, rest] = [id.slice(0, id.indexOf(":")), id.slice(id.indexOf(":") + 1)];
  const ends = rest.split(">");
  const pair = rest.split("~");
  const end = (name) => name === OTHERS || name === ISSUES || own(facts.states, name) || own(facts.arrangements, name);
  return tieById.has(id) || persons.has(id) || theoryKnows(id) || debateKnows(id)
    || ["states", "arrangements", "meetings", "periods", "threats", "divergences"].some((table) => own(facts[table], id))
    || (kind === "measure" && MEASURES.includes(rest))
    || (kind === "threats" && ends.length === 2 && ends.every(end))
    || (kind === "met" && pair.length === 2 && pair.every((name) => own(facts.states, name)))
    || (kind === "diverge" && tieById.has(rest))
    || (kind === "meetings" && /^\d{4}-\d\d-\d\d~\d{4}-\d\d-\d\d$/.test(rest));
}
