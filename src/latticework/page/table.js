/* The table of ties: the drawing in words. */

const MOST_ROWS = 300; // rows that are made at once
let allRows = false;

function drawTable() {
  const rows = current.map((item) => ({ ...item, pair: pairName(item.tie) }))
    .sort((a, b) => collate(a.pair, b.pair) || layerRank.get(layerOf(a.tie)) - layerRank.get(layerOf(b.tie))
      || collate(arrangementName(a.tie.arrangement), arrangementName(b.tie.arrangement)));
  byId("ties-heading").textContent = say("table", { date: spanText(), n: rows.length });
  if (!rows.length) {
    byId("table").replaceChildren(el("p", {}, say("table_none")));
    return;
  }
  const head = ["tie", "arrangement", "layer", "status", "source"].map((key) => el("th", { scope: "col" }, say(key)));
  const body = rows.slice(0, allRows ? rows.length : MOST_ROWS).map((item) => el("tr", { class: view.selected === item.tie.id ? "chosen" : undefined },
    el("th", { scope: "row" }, pick(item.tie.id, item.pair)),
    el("td", {}, pick(item.tie.arrangement, arrangementName(item.tie.arrangement))),
    el("td", {}, swatch(layerOf(item.tie), item), named(facts.layers.find(({ id }) => id === layerOf(item.tie)).name)),
    el("td", {}, say(`status_${item.status}`)),
    el("td", {}, item.sources.map((id) => el("code", { title: sourceName(id) }, id.replace("source:", "")))),
  ));
  const rest = rows.length - body.length;
  byId("table").replaceChildren(
    el("table", {}, el("thead", {}, el("tr", {}, head)), el("tbody", {}, body)),
    rest ? el("button", { type: "button", class: "pick", onclick: () => { allRows = true; drawTable(); } }, say("more", { n: rest })) : "",
  );
}
