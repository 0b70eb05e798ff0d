/* What a fact rests on: dates as the source gives them, notes, passages; memberships over time. */

function passages(ids) {
  const found = ids.filter((id) => own(facts.passages, id));
  if (!found.length) return null;
  return el("ol", { class: "plain evidence" }, found.map((id) => {
    const passage = facts.passages[id];
    return el("li", {},
      el("p", { class: "where" }, named(passage.place)),
      el("p", {}, named(passage.gist)),
      passage.sentence ? el("blockquote", { lang: "zh-Hans" }, passage.sentence) : null);
  }));
}

const notes = (texts) => texts[view.lang].map((note) => el("p", { class: "note" }, el("span", { class: "note-name" }, say("coding_note")), " ", note));
const identifiers = (...ids) => el("details", { class: "more" }, el("summary", {}, say("identifiers")), ids.map((id) => el("code", {}, id)));

/** Memberships with their evidence, those of the chosen days first; what is alike is told once. */
function membershipBlocks(own, by = "member") {
  const groups = new Map();
  for (const [id, m] of own) {
    const fixed = by === "member" ? m.arrangement : m.member;
    const key = JSON.stringify([fixed, m.sources, m.role, m.wanted, m.begin, m.end, m.attested, m.unknown_begin, m.unknown_end, m.notes, m.evidence]);
    groups.set(key, [...(groups.get(key) ?? []), [id, m]]);
  }
  const name = (m) => (by === "member" ? stateName(m.member) : arrangementName(m.arrangement));
  const now = (m) => !m.wanted && meets(m.possible, days());
  return [...groups.values()]
    .sort(([[, a]], [[, b]]) => now(b) - now(a)
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
      ...(first.wanted ? [] : [el("dt", {}, say("ends")), el("dd", {}, ...endText(first))]),
      el("dt", {}, say("source")), el("dd", {}, list(first.sources.map(sourceName))),
      el("dt", {}, say(view.span ? "in_this_window" : "on_this_date")), el("dd", {}, say(membershipStatus(first))),
    ),
    ...notes(first.notes),
    passages(first.evidence),
    !first.evidence.length && !locators.length ? el("p", { class: "hint" }, say("no_evidence")) : null,
    el("details", { class: "more", open: locators.length > 0 && group.length < 3 },
      el("summary", {}, say(locators.length ? "locators" : "identifiers")),
      group.map(([id, m]) => el("p", {}, m.locator ? `${name(m)}${say("colon")}${m.locator}` : null, el("code", {}, id)))),
  );
}

function membershipStatus(m) {
  if (m.wanted) return "never_member";
  if (!meets(m.possible, days())) return "does_not_hold";
  return meets(m.certain, days()) ? "certain" : "possible";
}

/** A date as the source gives it, and the days which that allows. */
function given(text, from, to) {
  const days = !from ? (to ? say("by_day", { day: dateText(to) }) : "")
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

/** Memberships as bars over the whole period: full where certain, light where possible. */
function timeline(own) {
  const held = own.filter(([, m]) => !m.wanted);
  if (!held.length) return null;
  const rows = new Map();
  for (const entry of held) rows.set(entry[1].arrangement, [...(rows.get(entry[1].arrangement) ?? []), entry]);
  const at = (day, otherwise) => (((day ? Math.min(LAST, Math.max(FIRST, number(day))) : otherwise) - FIRST) / (LAST - FIRST)) * 100;
  const begin = (id) => Math.min(...rows.get(id).map(([, m]) => at(m.possible[0] ?? m.certain[0], FIRST)));
  const years = [facts.first, facts.last].map((day) => day.slice(0, 4));
  return el("div", { class: "spans" },
    [...rows.keys()].sort((a, b) => begin(a) - begin(b)).map((id) => {
      const bars = svg("svg", { viewBox: "0 0 100 10", preserveAspectRatio: "none", "aria-hidden": "true" });
      const bar = (span, kind) => {
        const [x, end] = [at(span[0], FIRST), at(span[1], LAST)];
        if (end >= x) bars.append(svg("rect", { class: `${kind} fill-${rankOf(facts.arrangements[id].layer)}`, x, y: 1, width: Math.max(0.6, end - x), height: 8 }));
      };
      for (const [, m] of rows.get(id)) {
        bar(m.possible, "span-possible");
        if (m.certain[0] && m.certain[1]) bar(m.certain, "span-certain");
      }
      const now = at(view.date, LAST);
      bars.append(svg("line", { class: "span-now", x1: now, x2: now, y1: 0, y2: 10 }));
      return el("div", { class: "span-row" }, pick(id, named(facts.arrangements[id].name)), bars);
    }),
    el("div", { class: "span-years hint" }, el("span", {}, years[0]), el("span", {}, years[1])));
}
