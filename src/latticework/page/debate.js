/* The debate: who explains what by what, strand by strand as the source groups them, and what each
   overlooks according to whom. A claim opens with its works, passages and what speaks for it. */

const debate = read("debate");
const debateKnows = (id) => Boolean(debate && own(debate.claims, id));
let debated = 0; // the question that is shown

const claimants = (claim) => list(claim.who.map((id) => named(debate.people[id])));

const debateNode = el("div", { id: "debate-view", class: "words-view", hidden: true });
if (debate) {
  (mechanisms.size ? theoryNode : byId("web")).after(debateNode);
  VIEWS.push({ id: "debate", title: () => say("debate"), node: debateNode, draw: drawDebate });
  DETAILS.push({ fits: debateKnows, draw: claimDetails });
}

/** How often a claim supports or contradicts another, or is so by one. */
function relationSigns(claim) {
  const n = (...keys) => keys.reduce((sum, key) => sum + (claim[key]?.length ?? 0), 0);
  const [supported, contradicted] = [n("supports", "supported_by"), n("contradicts", "contradicted_by")];
  const sign = (kind, text, count) => (count ? el("span", { class: `relation ${kind}`, role: "img", "aria-label": say(`relations_${kind}`, { n: count }), title: say(`relations_${kind}`, { n: count }) }, text) : null);
  return [sign("supports", "＋", supported), sign("contradicts", "≠", contradicted)];
}

function claimItem(id) {
  const claim = debate.claims[id];
  return el("li", { class: view.selected === id ? "chosen" : undefined },
    el("span", { class: "who" }, claimants(claim)), relationSigns(claim), " ", pick(id, named(claim.name)));
}

function strandCard(strand) {
  return el("article", { class: "strand" },
    el("h4", {}, el("span", { class: "sentence" }, named(strand.name)), el("span", { class: "hint" }, say("in_brackets", { text: strand.claims.length }))),
    ...folded(strand.claims.map(claimItem)),
    strand.criticisms.length ? el("div", { class: "overlooks" }, el("h5", {}, say("overlooks")),
      el("ul", { class: "plain" }, strand.criticisms.map(({ claim }) => el("li", {}, pick(claim, named(debate.claims[claim].name)),
        el("span", { class: "hint" }, ` ${say("by_claimant", { who: claimants(debate.claims[claim]) })}`))))) : null);
}

function drawDebate() {
  const question = debate.questions[debated];
  debateNode.replaceChildren(
    el("fieldset", { class: "segment" }, el("legend", { class: "unseen" }, say("debate")), debate.questions.map(({ title }, i) => el("label", {},
      el("input", { type: "radio", name: "question", value: i, checked: i === debated, onchange: () => { debated = i; drawDebate(); debateNode.querySelector("input:checked").focus(); } }),
      el("span", {}, named(title))))),
    el("h2", {}, named(question.title)),
    el("p", { class: "intro" }, named(question.summary)),
    el("p", { class: "hint" }, say("debate_hint")),
    ...question.sections.map((one) => el("section", {},
      el("h3", {}, el("span", { class: "section-number" }, one.number), " ", el("span", { class: "sentence" }, named(one.heading))),
      el("div", { class: "strands" }, one.strands.map(strandCard)))),
  );
}

function claimDetails(id) {
  const claim = debate.claims[id];
  const found = places(id);
  const related = (key) => (claim[key]?.length ? section(say(key), el("ul", { class: "plain" }, claim[key].map(statementItem))) : null);
  const uses = theory ? theory.tensions.filter((tension) => tension.claim === id) : [];
  return [
    heading(claim.kind ? named(claim.kind) : say("claim"), claim.name),
    el("p", { class: "hint" }, say("by_claimant", { who: claimants(claim) })),
    el("p", { class: "lead" }, named(claim.gist)),
    claim.works?.length ? section(say("works_cited"), el("ul", { class: "plain" }, claim.works.map((one) => el("li", { class: "cited" },
      el("p", {}, debate.works[one.work].reference), one.pages ? el("p", { class: "hint" }, say("pages_cited", { pages: one.pages })) : null, passages(one.passages))))) : null,
    section(say("evidence"), passages(claim.passages ?? []) ?? el("p", { class: "hint" }, say("no_evidence"))),
    related("supports"), related("supported_by"), related("contradicts"), related("contradicted_by"),
    found.overlooks.length ? section(say("overlooks_strand"), el("ul", { class: "plain" }, found.overlooks.map(({ strand, of }) => el("li", {}, el("h4", {}, named(strand.name)), el("ul", { class: "plain" }, of.map(statementItem)))))) : null,
    found.criticised.length ? section(say("overlooks"), el("ul", { class: "plain" }, found.criticised.map(statementItem))) : null,
    uses.length ? el("p", { class: "hint" }, say("claim_in_theory")) : null,
    identifiers(id, ...(claim.works ?? []).map(({ work }) => work)),
  ];
}

const statementItem = (id) => el("li", {}, el("span", { class: "who" }, claimants(debate.claims[id])), " ", pick(id, named(debate.claims[id].name)));

/** What a claim says that others overlook, and who says that it overlooks something. */
function places(id) {
  const strands = debate.questions.flatMap(({ sections }) => sections).flatMap(({ strands: all }) => all);
  return {
    overlooks: strands.flatMap((strand) => strand.criticisms.filter(({ claim }) => claim === id).map(({ of }) => ({ strand, of }))),
    criticised: [...new Set(strands.flatMap(({ criticisms }) => criticisms.filter(({ of }) => of.includes(id)).map(({ claim }) => claim)))],
  };
}
