/* The framework of the paper at the chosen day: what is coded, the rule that follows, what it
   leads one to expect, and what the sources record; each step opens. */

const theory = read("theory");
for (const [id, passage] of Object.entries(read("passages") ?? {})) if (!own(facts.passages, id)) facts.passages[id] = passage;

const mechanisms = new Map((theory?.mechanisms ?? []).map((one) => [one.iri, one]));
const CRITERIA = ["members", "commitment", "label"];
const VERDICT_SIGNS = { agrees: "✓", differs: "✗", open: "?", "not covered": "–" };

const term = (id) => (own(theory.names, id) ? named(theory.names[id]) : id);
const theoryWord = (table, key) => own(theory.words[view.lang][table], key) ?? key;
const spanOn = (mechanism, date) => mechanism.spans.find(({ from, to }) => from <= date && date <= to);
const expects = (expectation) => expectation.forms.length > 0;
const mechanismIn = (id) => mechanisms.get(id.replace(/^(theory|record):/, "")); // "theory:arr:quad"

/** Whether a part of the theory can be opened under this name. */
function theoryKnows(id) {
  if (!theory) return false;
  return Boolean(own(theory.codings, id) || own(theory.rules, id) || (/^(theory|record):/.test(id) && mechanismIn(id)));
}

/* ---------- The steps ---------- */

/** A coding as a chip: the variable, its value, a question mark where it only may hold. */
function codingChip(id) {
  const coding = theory.codings[id];
  return el("span", { class: "chip" },
    el("span", { class: "chip-name" }, term(coding.variable)), pick(id, term(coding.value)));
}

function missingChip(variable) {
  return el("span", { class: "chip missing" }, el("span", { class: "chip-name" }, term(variable)), say("theory_uncoded"));
}

const formsText = (forms) => forms.map(term).join(say("or"));

/** What the framework expects, and whether for certain. */
function expectationText(expectation) {
  if (!expects(expectation)) return theoryWord("status", expectation.status);
  return formsText(expectation.forms) + (expectation.status === "certain" ? "" : say("in_brackets", { text: theoryWord("status", expectation.status) }));
}

/** Verdicts by criterion, never added up. */
function verdictList(expectation) {
  return el("ul", { class: "verdicts" }, CRITERIA.map((criterion) => {
    const verdict = expectation.verdicts[criterion];
    return el("li", { class: `verdict ${verdict.replace(" ", "-")}` },
      el("span", { class: "verdict-sign", "aria-hidden": "true" }, VERDICT_SIGNS[verdict] ?? ""),
      el("span", {}, say(`criterion_${criterion}`), say("colon"), theoryWord("verdict", verdict)));
  }));
}

const labelText = (record) => (record.label.length ? formsText(record.label) : say("theory_no_label"));

/** The record in a few words: how many members, what commitment, what the paper calls it. */
function recordText(mechanism, record) {
  const [n, more] = [record.certain.length, record.possible.length];
  const shape = !mechanism.realised ? say("theory_never", { never: theoryWord("record", "never"), n: n + more })
    : !n && more ? say("theory_members_only_possible", { n: more, shape: theoryWord("record", record.shape) })
      : n ? say("theory_members", { n, possible: more ? say("theory_members_possible", { n: more }) : "", shape: theoryWord("record", record.shape) })
        : theoryWord("record", record.shape);
  return [shape, say("theory_commitment", { commitment: theoryWord("record", record.commitment) }), say("theory_label", { label: labelText(record) })];
}

function part(key, ...children) {
  return el("div", { class: `stage-part stage-${key}` }, el("p", { class: "stage-name" }, say(`step_${key}`)), ...children);
}

/** Coding, rule, prediction, record: one row for each claimant. */
function chain(mechanism, span) {
  return span.expectations.map((expectation) => el("div", { class: "chain" },
    part("coded",
      el("div", { class: "chips" }, expectation.codings.map(codingChip), expectation.missing.map(missingChip)),
      el("p", { class: "hint" }, say("by_claimant", { who: term(expectation.claimant) }))),
    part("rule", expectation.rule ? pick(expectation.rule, named(theory.rules[expectation.rule].name)) : el("p", { class: "hint" }, say("theory_no_rule"))),
    part("predicted",
      el("p", { class: "form" }, expectation.forms.length ? pick(`theory:${mechanism.iri}`, formsText(expectation.forms)) : theoryWord("status", expectation.status)),
      expects(expectation) ? el("p", { class: "hint" }, theoryWord("status", expectation.status)) : null),
    part("recorded",
      pick(`record:${mechanism.iri}`, recordText(mechanism, span.record)[0]),
      recordText(mechanism, span.record).slice(1).map((text) => el("p", { class: "hint" }, text)),
      verdictList(expectation))));
}

/* ---------- The view ---------- */

const theoryNode = el("div", { id: "theory-view", class: "words-view", hidden: true });
if (mechanisms.size) {
  byId("web").after(theoryNode);
  VIEWS.push({ id: "theory", title: () => say("theory"), node: theoryNode, draw: drawTheory });
  OVERVIEW.splice(2, 0, { title: () => say("theory_now"), body: theoryOverview });
}

/** The mechanisms in being on the day, those of which the framework expects something first. */
function mechanismsOn(date) {
  const found = [...mechanisms.values()].map((mechanism) => ({ mechanism, span: spanOn(mechanism, date) })).filter(({ span }) => span);
  const name = ({ mechanism }) => named(mechanism.name);
  const ranked = (list) => list.sort((a, b) => collate(name(a), name(b)));
  return {
    told: ranked(found.filter(({ span }) => span.expectations.some(expects))),
    silent: ranked(found.filter(({ span }) => !span.expectations.some(expects))),
  };
}

function drawTheory() {
  const { told, silent } = mechanismsOn(view.date);
  theoryNode.replaceChildren(
    el("div", { class: "stage-head" }, el("h2", {}, dateText(view.date), stepButtons()), el("p", { class: "hint" }, say("theory_count", { n: told.length, silent: silent.length }))),
    el("p", { class: "intro" }, say("theory_intro")),
    el("p", { class: "circular" }, named(theory.circular)),
    told.length ? el("ol", { class: "plain chains" }, told.map(({ mechanism, span }) => el("li", { class: view.selected.endsWith(`:${mechanism.iri}`) ? "chosen" : undefined },
      el("h3", {}, pick(`theory:${mechanism.iri}`, named(mechanism.name)), arrangementLink(mechanism)), chain(mechanism, span)))) : el("p", {}, say("theory_none")),
    silent.length ? el("section", { class: "silent-ones" }, el("h3", {}, say("theory_silent")),
      el("ul", { class: "plain" }, silent.map(({ mechanism, span }) => el("li", {},
        pick(`theory:${mechanism.iri}`, named(mechanism.name)),
        el("span", { class: "hint" }, ` ${list([...new Set(span.expectations.map((one) => named(one.why)))])}`))))) : "",
  );
}

/** To the change before and after, for the slider may be out of sight. */
function stepButtons() {
  const button = (direction, key, sign) => el("button", { type: "button", "data-step": direction, "aria-label": say(key), title: say(key), disabled: !nextStop(direction), onclick: () => {
    pause();
    step(direction);
    theoryNode.querySelector(`[data-step="${direction}"]`).focus();
  } }, sign);
  return el("span", { class: "steps" }, button(-1, "previous", "‹"), button(1, "next", "›"));
}

/** The way from the theory to the arrangement itself, where the page has it. */
function arrangementLink(mechanism) {
  return own(facts.arrangements, mechanism.iri)
    ? el("span", { class: "hint to-arrangement" }, pick(mechanism.iri, say("to_arrangement"))) : null;
}

function theoryOverview() {
  const { told, silent } = mechanismsOn(view.date);
  const line = ({ mechanism, span }) => el("li", {}, pick(`theory:${mechanism.iri}`, named(mechanism.name)),
    span.expectations.map((one) => el("span", { class: "hint" }, ` ${expectationText(one)} `, verdictSigns(one))));
  return [
    told.length ? el("div", {}, ...folded(told.map(line))) : el("p", {}, say("theory_none")),
    silent.length ? el("p", { class: "hint" }, say("theory_silent_n", { n: silent.length })) : null,
    el("p", { class: "hint" }, named(theory.circular)),
    el("p", {}, el("button", { type: "button", class: "pick", onclick: () => show({ stage: "theory" }) }, say("theory_open"))),
  ].filter(Boolean);
}

/** The verdicts as signs; in words for those who do not see them. */
function verdictSigns(expectation) {
  const words = list(CRITERIA.map((one) => `${say(`criterion_${one}`)}${say("colon")}${theoryWord("verdict", expectation.verdicts[one])}`));
  return el("span", { class: "signs", role: "img", "aria-label": words, title: words },
    CRITERIA.map((one) => el("span", { class: `verdict-sign ${expectation.verdicts[one].replace(" ", "-")}` }, VERDICT_SIGNS[expectation.verdicts[one]])));
}

/* ---------- Details ---------- */

DETAILS.push(
  { fits: (id) => theoryKnows(id) && id.startsWith("theory:"), draw: (id) => mechanismDetails(mechanismIn(id)) },
  { fits: (id) => theoryKnows(id) && id.startsWith("record:"), draw: (id) => recordDetails(mechanismIn(id)) },
  { fits: (id) => theoryKnows(id) && Boolean(own(theory.codings, id)), draw: codingDetails },
  { fits: (id) => theoryKnows(id) && Boolean(own(theory.rules, id)), draw: ruleDetails },
);

function codingBlock(id) {
  const coding = theory.codings[id];
  return el("article", { class: "membership" },
    el("h4", {}, term(coding.variable), say("colon"), pick(id, term(coding.value))),
    el("p", { class: "hint" }, say("by_claimant", { who: term(coding.claimant) }), say("semicolon"), named(coding.holds)),
    el("p", {}, named(coding.gist)), passages(coding.passages));
}

function mechanismDetails(mechanism) {
  const span = spanOn(mechanism, view.date);
  return [
    heading(say("theory"), mechanism.name),
    own(facts.arrangements, mechanism.iri) ? el("p", { class: "lead with-swatch" }, swatch(mechanism.layer), pick(mechanism.iri, say("to_arrangement"))) : null,
    span
      ? el("p", { class: "hint" }, span.from === span.to ? say("theory_span_day", { date: dateText(span.to) }) : say("theory_span", { from: dateText(span.from), to: dateText(span.to) }))
      : el("p", {}, say("theory_not_in_being", { date: dateText(view.date) })),
    ...(span ? span.expectations.flatMap((one) => expectationDetails(mechanism, span, one)) : []),
    section(say("theory_over_time"), spanList(mechanism)),
    identifiers(mechanism.iri),
  ];
}

function expectationDetails(mechanism, span, one) {
  const rule = one.rule ? theory.rules[one.rule] : null;
  const beside = theory.tensions.filter(({ variables }) => one.codings.some((id) => variables.includes(theory.codings[id].variable)));
  const others = [...new Set(one.also.flat())].filter((id) => !one.codings.includes(id));
  return [
    el("p", { class: "lead why" }, named(one.why)),
    section(say("step_coded"), ...one.codings.map(codingBlock),
      one.missing.length ? el("p", {}, say("theory_missing", { who: term(one.claimant), variables: list(one.missing.map(term)) })) : null,
      others.length ? el("h4", {}, say("theory_also")) : null, ...others.map(codingBlock)),
    rule ? section(say("step_rule"), el("p", {}, pick(one.rule, named(rule.name))), el("p", {}, named(rule.gist)), passages(rule.passages)) : null,
    section(say("step_predicted"), el("p", { class: "form" }, expectationText(one))),
    section(say("step_recorded"), el("p", {}, pick(`record:${mechanism.iri}`, recordText(mechanism, span.record)[0])),
      recordText(mechanism, span.record).slice(1).map((text) => el("p", {}, text)), verdictList(one), el("p", { class: "circular" }, named(theory.circular))),
    beside.length && expects(one) ? section(say("theory_tension"), el("p", { class: "hint" }, say("theory_tension_hint")),
      ...beside.map((tension) => el("article", { class: "membership" },
        el("p", {}, debateKnows(tension.claim) ? pick(tension.claim, named(tension.gist)) : named(tension.gist)),
        el("p", { class: "hint" }, say("by_claimant", { who: term(tension.claimant) })), passages(tension.passages)))) : null,
  ];
}

/** What was expected and recorded from span to span; each goes to its day. */
function spanList(mechanism) {
  const grouped = [];
  for (const span of mechanism.spans) {
    const text = span.expectations.map(expectationText).join(say("semicolon"));
    const signs = JSON.stringify(span.expectations.map(({ verdicts }) => verdicts));
    const last = grouped.at(-1);
    if (last && last.text === text && last.signs === signs && number(last.to) + 1 === number(span.from)) last.to = span.to;
    else grouped.push({ ...span, text, signs });
  }
  return el("ul", { class: "plain" }, grouped.map((span) => el("li", {},
    el("button", { type: "button", class: "pick", onclick: () => show({ date: clamp(span.to) }) }, span.from === span.to ? span.from : `${span.from} – ${span.to}`),
    el("span", { class: "hint" }, ` ${span.text} `, span.expectations.map(verdictSigns)))));
}

function recordDetails(mechanism) {
  const span = spanOn(mechanism, view.date);
  const head = [heading(say("step_recorded"), mechanism.name), el("p", { class: "lead" }, pick(`theory:${mechanism.iri}`, say("to_theory"))),
    own(facts.arrangements, mechanism.iri) ? el("p", {}, pick(mechanism.iri, say("to_arrangement"))) : null];
  if (!span) return [...head, el("p", {}, say("theory_not_in_being", { date: dateText(view.date) }))];
  const { record } = span;
  const state = (id) => (own(facts.states, id) ? pick(id, stateName(id)) : el("span", {}, term(id)));
  return [
    ...head,
    section(say("criterion_members"), el("p", {}, recordText(mechanism, record)[0]),
      el("ul", { class: "plain" }, record.certain.map((id) => el("li", {}, state(id))),
        record.possible.map((id) => el("li", {}, state(id), el("span", { class: "hint" }, ` ${say(mechanism.realised ? "possible" : "never_member")}`))))),
    section(say("criterion_commitment"), el("p", {}, theoryWord("record", record.commitment)), record.undertakings.map((id) => {
      const one = own(theory.undertakings, id);
      return one ? el("article", { class: "membership" }, el("h4", {}, named(one.name)), el("p", {}, named(one.gist)), passages(one.passages)) : null;
    })),
    section(say("criterion_label"), el("p", {}, labelText(record)), record.labelCodings.map(codingBlock),
      record.disputes.map((one) => el("p", { class: "note" }, named(one.gist)))),
    section(say("step_predicted"), ...span.expectations.flatMap((one) => [el("p", { class: "form" }, expectationText(one)), verdictList(one)]), el("p", { class: "circular" }, named(theory.circular))),
  ];
}

/** The mechanisms in whose explanation a coding or a rule takes part on the day. */
function usedBy(fits) {
  return [...mechanisms.values()].filter((mechanism) => spanOn(mechanism, view.date)?.expectations.some(fits));
}

function usedSection(used) {
  return section(say("theory_used", { date: dateText(view.date) }), used.length
    ? el("ul", { class: "plain" }, used.map((mechanism) => el("li", {}, pick(`theory:${mechanism.iri}`, named(mechanism.name)))))
    : el("p", { class: "hint" }, say("theory_used_none")));
}

function codingDetails(id) {
  const coding = theory.codings[id];
  return [
    heading(say("step_coded"), both(() => `${term(coding.variable)}${say("colon")}${term(coding.value)}`)),
    el("dl", { class: "facts" },
      el("dt", {}, say("sayer")), el("dd", {}, term(coding.claimant)),
      ...(coding.period ? [el("dt", {}, say("period")), el("dd", {}, own(facts.periods, coding.period) ? pick(coding.period, term(coding.period)) : term(coding.period))] : []),
      el("dt", {}, say("date")), el("dd", {}, named(coding.holds))),
    el("p", {}, named(coding.gist)),
    named(coding.note) ? el("p", { class: "note" }, el("span", { class: "note-name" }, say("coding_note")), " ", named(coding.note)) : null,
    section(say("evidence"), passages(coding.passages) ?? el("p", { class: "hint" }, say("no_evidence"))),
    usedSection(usedBy((one) => one.codings.includes(id) || one.also.flat().includes(id))),
    identifiers(id),
  ];
}

function ruleDetails(id) {
  const rule = theory.rules[id];
  return [
    heading(say("step_rule"), rule.name),
    el("p", {}, named(rule.gist)),
    named(rule.note) ? el("p", { class: "note" }, el("span", { class: "note-name" }, say("coding_note")), " ", named(rule.note)) : null,
    section(say("evidence"), passages(rule.passages) ?? el("p", { class: "hint" }, say("no_evidence"))),
    usedSection(usedBy((one) => one.rule === id)),
    identifiers(id),
  ];
}

/** What the details of an arrangement say of its theory, with the way there. */
function theoryOf(id) {
  const mechanism = mechanisms.get(id);
  if (!mechanism) return null;
  const span = spanOn(mechanism, view.date);
  return section(say("theory_of_arrangement"), ...(span
    ? span.expectations.map((one) => el("p", {}, expectationText(one), " ", verdictSigns(one)))
    : [el("p", {}, say("theory_not_in_being", { date: dateText(view.date) }))]),
  el("p", {}, pick(`theory:${id}`, say("to_theory"))), el("p", { class: "hint" }, named(theory.circular)));
}
