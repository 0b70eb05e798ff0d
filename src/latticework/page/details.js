/* The details of what is selected: a tie, a state, an arrangement, a meeting, a threat, ... */

/** A name in the chosen language, with the other one below. */
function heading(kicker, label) {
  const second = label[other()] === label[view.lang] ? null
    : el("p", { class: "second-name", lang: LANGUAGES[other()] }, label[other()]);
  return el("div", { class: "detail-head" },
    el("div", {}, el("p", { class: "kicker" }, kicker), el("h2", { id: "detail", tabindex: "-1" }, label[view.lang]), second),
    el("button", { type: "button", class: "close", "aria-label": say("close"), title: say("close"), onclick: () => close() }, "×"),
  );
}

/** A label in both languages from a function of the language's word list. */
function both(make) {
  const lang = view.lang;
  const made = Object.fromEntries(Object.keys(LANGUAGES).map((one) => {
    view.lang = one;
    return [one, make()];
  }));
  view.lang = lang;
  return made;
}

function details(id) {
  const kind = DETAILS.find(({ fits }) => fits(id));
  return (kind ? kind.draw(id) : [heading("", { en: id, zh: id })]).filter(Boolean);
}

const startsWith = (kind) => (id) => id.startsWith(`${kind}:`);
DETAILS.push(
  { fits: (id) => tieById.has(id), draw: (id) => tieDetails(tieById.get(id)) },
  { fits: (id) => own(facts.states, id), draw: stateDetails },
  { fits: (id) => own(facts.arrangements, id), draw: arrangementDetails },
  { fits: (id) => own(facts.meetings, id), draw: meetingDetails },
  { fits: (id) => own(facts.periods, id), draw: periodDetails },
  { fits: (id) => own(facts.threats, id), draw: (id) => [heading(say("threat"), both(() => threatTitle(facts.threats[id]))), threatBlock([id, facts.threats[id]])] },
  { fits: (id) => own(facts.divergences, id), draw: (id) => [heading(say("divergence"), both(() => divergenceTitle(facts.divergences[id]))), divergenceBlock(id)] },
  { fits: (id) => persons.has(id), draw: personDetails },
  { fits: startsWith("threats"), draw: arrowDetails },
  { fits: startsWith("met"), draw: encounterDetails },
  { fits: startsWith("diverge"), draw: (id) => divergeDetails(tieById.get(id.slice(8))) },
  { fits: startsWith("meetings"), draw: meetingListDetails },
  { fits: startsWith("measure"), draw: (id) => measureDetails(id.slice(8)) },
);

/* ---------- Ties, states, arrangements ---------- */

function standingText(tie) {
  const stands = standing(tie, days());
  const date = spanText();
  if (!stands) return say("tie_absent", { date });
  return say(`tie_${stands.status}${view.span && tie.spells.length ? "_window" : ""}`, { date, sources: list(stands.sources.map(sourceName)) });
}

function tieDetails(tie) {
  const ends = [tie.from, tie.to].sort((a, b) => collate(stateName(a), stateName(b)));
  const arrangement = facts.arrangements[tie.arrangement];
  const layer = facts.layers.find(({ id }) => id === arrangement.layer);
  const others = current.filter((item) => item.tie.from === tie.from && item.tie.to === tie.to && item.tie !== tie);
  const memberships = membershipsOf("arrangement", tie.arrangement).filter(([, m]) => m.member === tie.from || m.member === tie.to);
  const divided = divergencesOn(tie);
  const met = meetingsOf((meeting) => meeting.arrangement === tie.arrangement && [tie.from, tie.to].every((id) => meeting.states.includes(id))).reverse();
  return [
    heading(say("tie"), both(() => ends.map(stateName).join(" – "))),
    el("p", { class: "lead with-swatch" }, swatch(arrangement.layer, standing(tie, days()) ?? undefined), pick(tie.arrangement, named(arrangement.name)), el("span", { class: "hint" }, named(layer.name))),
    el("p", {}, standingText(tie)),
    section(say("memberships"), ...membershipBlocks(memberships)),
    divided.length ? section(say("divergences"), ...divided.map((id) => divergenceBlock(id))) : null,
    met.length ? section(say("lane_meetings"), ...folded(met.map(meetingItem))) : null,
    section(say("also_tied"), others.length
      ? el("ul", { class: "plain" }, others.map((item) => el("li", { class: "with-swatch" }, swatch(layerOf(item.tie), item), pick(item.tie.id, arrangementName(item.tie.arrangement)), el("span", { class: "hint" }, say(`status_${item.status}`)))))
      : el("p", { class: "hint" }, say("also_tied_none", { date: spanText() }))),
    section(say("states"), el("ul", { class: "plain" }, ends.map((id) => el("li", {}, pick(id, stateName(id)))))),
  ];
}

function stateDetails(id) {
  const mine = current.filter(({ tie }) => tie.from === id || tie.to === id)
    .map((item) => ({ ...item, partner: item.tie.from === id ? item.tie.to : item.tie.from }))
    .sort((a, b) => collate(stateName(a.partner), stateName(b.partner)) || collate(arrangementName(a.tie.arrangement), arrangementName(b.tie.arrangement)));
  const partners = [...new Set(mine.map(({ partner }) => partner))];
  const memberships = membershipsOf("member", id);
  const met = meetingsOf((meeting) => meeting.states.includes(id)).reverse();
  const said = Object.entries(facts.threats).filter(([, threat]) => threat.origin === id || threat.target === id);
  return [
    heading(say("state"), facts.states[id].name),
    el("p", {}, say("state_now", { date: spanText(), ties: mine.length, n: partners.length })),
    memberships.some(([, m]) => !m.wanted) ? section(say("membership_timeline"), timeline(memberships)) : null,
    partners.length ? section(say("partners"), el("ul", { class: "plain partners" }, partners.map((partner) => el("li", {},
      el("span", { class: "partner" }, stateName(partner)),
      el("ul", { class: "plain" }, mine.filter((item) => item.partner === partner).map((item) => el("li", { class: "with-swatch" },
        swatch(layerOf(item.tie), item), pick(item.tie.id, arrangementName(item.tie.arrangement)),
        item.certain ? null : el("span", { class: "hint" }, say(`status_${item.status}`))))),
    )))) : null,
    met.length ? section(say("meetings_took_part", { n: met.length }), ...folded(met.map(meetingItem))) : null,
    said.length ? section(say("threats"), ...folded(said.map(([key, threat]) => el("li", {}, pick(key, threatTitle(threat)), el("span", { class: "hint" }, ` ${threatWhen(threat)}`))))) : null,
    memberships.length ? section(say("all_memberships"), ...membershipBlocks(memberships, "arrangement")) : null,
  ];
}

function arrangementDetails(id) {
  const arrangement = facts.arrangements[id];
  const layer = facts.layers.find((item) => item.id === arrangement.layer);
  const states = members(id);
  const met = meetingsOf((meeting) => meeting.arrangement === id).reverse();
  const divided = Object.keys(facts.divergences).filter((key) => facts.divergences[key].arrangement === id);
  const said = Object.entries(facts.threats).filter(([, threat]) => threat.origin === id || threat.target === id);
  const nobody = !membershipsOf("arrangement", id).length;
  const now = nobody ? [arrangement.status_name ? say("status_in_source", { status: named(arrangement.status_name) }) : "", say("no_membership_recorded")].join(" ").trim() : arrangement.status !== "held" ? say("never_held", { status: named(arrangement.status_name), members: list([...states.keys()].map(stateName).sort(collate)) })
    : states.size ? say("members_now", { date: spanText(), n: states.size, members: memberList(states) }) : say("members_none", { date: spanText() });
  return [
    heading(say("arrangement"), arrangement.name),
    el("p", { class: "lead" }, swatch(arrangement.layer, { status: arrangement.status === "held" ? "certain" : arrangement.status }), named(layer?.name ?? arrangement.name)),
    el("p", {}, now),
    arrangement.open_list ? el("p", { class: "hint" }, say("open_list")) : null,
    ...notes(arrangement.notes),
    theoryOf(id),
    arrangement.milestones.length ? section(say("milestones"), ...arrangement.milestones.map((m) => el("article", { class: "membership" },
      el("h4", {}, named(m.kind), el("span", { class: "hint" }, ` ${m.when ? whenText(m.when) : say("undated")}`)), el("p", {}, named(m.gist)), passages(m.evidence)))) : null,
    nobody ? null : section(say("memberships"), ...membershipBlocks(membershipsOf("arrangement", id))),
    met.length ? section(say("lane_meetings"), ...folded(met.map(meetingItem))) : null,
    divided.length ? section(say("divergences"), ...divided.map((key) => divergenceBlock(key))) : null,
    said.length ? section(say("threats"), ...said.map(threatBlock)) : null,
    arrangement.evidence.length ? section(say("evidence_arrangement"), passages(arrangement.evidence)) : null,
    el("p", { class: "filter-one" }, el("button", {
      type: "button", class: "pick", onclick: () => { show({ without: toggled(view.without, id) }); drawFilters(); },
    }, say(view.without.has(id) ? "show_again" : "leave_out"))),
  ];
}

/** A set with an item put in or taken out. */
function toggled(set, item) {
  const made = new Set(set);
  if (!made.delete(item)) made.add(item);
  return made;
}

/* ---------- Threats and divergences ---------- */

const threatWhen = (threat) => (threat.when ? whenText(threat.when) : threat.undated ? say("undated_why", { why: named(threat.undated) }) : say("undated"));
const threatTitle = (threat) => say("threat_title", { perceiver: named(threat.perceiver), object: named(threat.object) });

function threatBlock([id, threat]) {
  return el("article", { class: "membership" },
    el("h4", {}, threatTitle(threat)),
    el("dl", {},
      el("dt", {}, say("word")), el("dd", {}, named(threat.word)),
      el("dt", {}, say("sayer")), el("dd", {}, named(threat.sayer)),
      el("dt", {}, say("date")), el("dd", {}, threatWhen(threat))),
    el("p", {}, named(threat.gist)),
    ...notes(threat.notes),
    passages(threat.evidence),
    identifiers(id));
}

/** What is said along an arrow; that of the days looked at first. */
function arrowDetails(id) {
  const [from, to] = id.slice(8).split(">");
  const now = new Set(arrows.find((arrow) => arrow.id === id)?.said);
  const said = saidAlong(from, to);
  const late = said.filter(([key]) => !now.has(key));
  return [
    heading(say("threat"), both(() => say("threat_arrow", { from: endName(from), to: endName(to) }))),
    el("p", { class: "hint" }, say("threat_hint")),
    ...said.filter(([key]) => now.has(key)).map(threatBlock),
    late.length ? section(say("threats_other_days"), ...late.map(threatBlock)) : null,
  ];
}

const divergenceTitle = (divergence) => divergence.between.map(named).sort(collate).join(" – ");

function divergenceBlock(id) {
  const divergence = facts.divergences[id];
  const when = divergence.when ? whenText(divergence.when) : divergence.undated ? say("undated_why", { why: named(divergence.undated) }) : say("undated");
  return el("article", { class: "membership" },
    el("h4", {}, divergenceTitle(divergence)),
    el("p", {}, named(divergence.gist)),
    el("dl", {},
      ...(divergence.topic ? [el("dt", {}, say("topic")), el("dd", {}, named(divergence.topic))] : []),
      el("dt", {}, say("sayer")), el("dd", {}, named(divergence.sayer)),
      el("dt", {}, say("date")), el("dd", {}, when)),
    ...notes(divergence.notes),
    passages(divergence.evidence),
    identifiers(id));
}

function divergeDetails(tie) {
  return [
    heading(say("divergences"), both(() => pairName(tie))),
    el("p", { class: "lead with-swatch" }, swatch(layerOf(tie)), pick(tie.id, say("tie_of", { arrangement: arrangementName(tie.arrangement) }))),
    ...divergencesOn(tie).map((id) => divergenceBlock(id)),
  ];
}

/* ---------- Meetings, persons, periods ---------- */

function meetingDetails(id) {
  const meeting = facts.meetings[id];
  const said = Object.fromEntries(meeting.facts);
  return [
    heading(say(meeting.exercise ? "exercise" : "meeting"), meeting.name),
    meeting.gist ? el("p", {}, named(meeting.gist)) : null,
    el("dl", { class: "facts" },
      el("dt", {}, say("date")), el("dd", {}, whenText(meeting.when)),
      ...(meeting.arrangement ? [el("dt", {}, say("arrangement")), el("dd", {}, pick(meeting.arrangement, arrangementName(meeting.arrangement)))] : []),
      ...Object.entries(said).flatMap(([term, name]) => [el("dt", {}, say(term)), el("dd", {}, named(name))])),
    meeting.open_list ? el("p", { class: "hint" }, say("open_list_meeting")) : null,
    ...notes(meeting.notes),
    meeting.participants.length ? section(say("who_met"), el("ul", { class: "plain partners" }, meeting.participants.map((one) => el("li", {},
      one.state ? pick(one.state, named(one.actor)) : el("span", {}, named(one.actor)),
      one.person_name ? [say("colon"), pick(one.person, named(one.person_name))] : null,
      one.office ? el("span", { class: "hint" }, ` ${named(one.office)}`) : null,
      one.role ? el("span", { class: "hint" }, say("in_brackets", { text: named(one.role) })) : null)))) : null,
    meeting.topics.length ? section(say("on_what"), el("ul", { class: "plain" }, meeting.topics.map((one) => el("li", {},
      named(one.topic), one.treatment ? el("span", { class: "hint" }, ` ${named(one.treatment)}`) : null,
      one.gist ? el("p", { class: "hint" }, named(one.gist)) : null)))) : null,
    section(say("evidence"), passages([...new Set([...meeting.evidence, ...meeting.participants.flatMap((one) => one.evidence), ...meeting.topics.flatMap((one) => one.evidence)])])),
    el("p", {}, el("button", { type: "button", class: "pick", onclick: () => show({ date: clamp(meeting.span[1] ?? meeting.span[0]) }) }, say("go_to_date"))),
    identifiers(id),
  ];
}

function meetingListDetails(id) {
  const span = id.slice(9).split("~");
  const found = meetingsWithin(span);
  return [
    heading(say("lane_meetings"), both(() => `${dateText(span[0])} – ${dateText(span[1])}`)),
    el("p", { class: "hint" }, say("meetings_window", { n: found.length })),
    el("ul", { class: "plain" }, found.map(meetingItem)),
  ];
}

function encounterDetails(id) {
  const pair = id.slice(4).split("~");
  const all = meetingsOf((meeting) => pair.every((state) => meeting.states.includes(state))).reverse();
  const now = all.filter(([, meeting]) => meets(meeting.span, days()));
  return [
    heading(say("met"), both(() => pair.map(stateName).join(" – "))),
    el("p", {}, say("met_on", { date: spanText(), n: now.length })),
    el("ul", { class: "plain" }, now.map(meetingItem)),
    section(say("met_ever", { n: all.length }), ...folded(all.map(meetingItem))),
  ];
}

function personDetails(id) {
  const person = persons.get(id);
  const offices = [...new Set(person.meetings.map(([, one]) => one.office && named(one.office)).filter(Boolean))];
  return [
    heading(say("person"), person.name),
    offices.length ? el("p", {}, list(offices)) : null,
    section(say("meetings_took_part", { n: person.meetings.length }), el("ul", { class: "plain" }, person.meetings.map(([meeting, one]) => {
      const item = meetingItem([meeting, facts.meetings[meeting]]);
      if (one.role) item.append(el("span", { class: "hint" }, say("in_brackets", { text: named(one.role) })));
      return item;
    }))),
    identifiers(id),
  ];
}

function periodDetails(id) {
  const period = facts.periods[id];
  return [
    heading(say("period"), period.name),
    el("dl", { class: "facts" },
      el("dt", {}, say("begins")), el("dd", {}, period.begin ? given(period.begin, period.possible[0], period.certain[0]) : say("not_given")),
      el("dt", {}, say("ends")), el("dd", {}, period.end ? given(period.end, period.certain[1], period.possible[1]) : say("not_given"))),
    ...notes(period.notes),
    section(say("evidence"), passages(period.evidence) ?? el("p", { class: "hint" }, say("no_evidence"))),
    identifiers(id),
  ];
}

/* ---------- Why is this number so ---------- */

function measureDetails(name) {
  const hub = facts.hub ? stateName(facts.hub) : "";
  const panel = panelOn(view.date);
  const known = panel?.covered && panel.certain;
  const { pairs, partners } = partnerPairs();
  const mine = pairs[name];
  const total = (partners.length * (partners.length - 1)) / 2;
  return [
    heading(say("measure"), Object.fromEntries(Object.keys(LANGUAGES).map((lang) => [lang, words[lang][name]]))),
    el("p", {}, say(`${name}_definition`, { hub })),
    known && mine && total ? el("p", {}, say("why", { date: dateText(view.date), share: percent(mine.length / total), n: mine.length, pairs: total, k: partners.length, hub })) : null,
    name === "dependence" && known && panel.certain.dependence !== null
      ? el("p", {}, say("dependence_values", { hub, one: percent(panel.certain.dependence), two: percent(panel.certain.dependence_hub_only) })) : null,
    known ? el("p", { class: "hint" }, bandText(panel.low, panel.high, panel.worlds)) : el("p", {}, say("reading_not_covered", { date: dateText(view.date) })),
    filtered() ? el("p", { class: "hint" }, say("measures_unfiltered")) : null,
    known && mine ? section(say("pairs", { n: mine.length }), pairList(mine)) : null,
    known && name === "dependence" && total ? section(say("still_connected"), ...stillConnected(partners)) : null,
  ];
}

const pairList = (pairs) => el("ul", { class: "plain partners" }, pairs.map((pair) => el("li", {},
  el("span", { class: "partner" }, [pair.one, pair.another].map(stateName).sort(collate).join(" – ")),
  el("ul", { class: "plain" }, pair.ties.map((tie) => el("li", { class: "with-swatch" }, swatch(layerOf(tie)), pick(tie.id, arrangementName(tie.arrangement))))))));

/** The partners that stay connected without the hub's arrangements, in the clusters they make. */
function stillConnected(partners) {
  const all = counted();
  const withHub = new Set(all.filter((tie) => tie.from === facts.hub || tie.to === facts.hub).map((tie) => tie.arrangement));
  const free = all.filter((tie) => !withHub.has(tie.arrangement));
  const cluster = new Map(partners.map((id) => [id, id]));
  const root = (id) => (cluster.get(id) === id || !cluster.has(id) ? id : root(cluster.get(id)));
  for (const tie of free) {
    for (const id of [tie.from, tie.to]) if (!cluster.has(id)) cluster.set(id, id);
    cluster.set(root(tie.from), root(tie.to));
  }
  const groups = new Map();
  for (const id of partners) groups.set(root(id), [...(groups.get(root(id)) ?? []), id]);
  const together = [...groups.values()].filter((group) => group.length > 1);
  if (!together.length) return [el("p", {}, say("none_connected"))];
  return together.flatMap((group) => [
    el("p", {}, list(group.map(stateName).sort(collate))),
    el("ul", { class: "plain" }, free.filter((tie) => root(tie.from) === root(group[0])).map((tie) => el("li", { class: "with-swatch" }, swatch(layerOf(tie)), pick(tie.id, `${pairName(tie)}${say("colon")}${arrangementName(tie.arrangement)}`)))),
  ]);
}
