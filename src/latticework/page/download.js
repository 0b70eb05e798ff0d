/* Take the snapshot away: Turtle, CSV, GEXF, SVG, PNG. All are made here, from what is shown. */

const LICENCE = "Data: CC BY 4.0";

const stamp = () => (view.span ? days().join("_") : view.date);
const shownArrangements = () => [...new Set(current.map(({ tie }) => tie.arrangement))].sort();
const shownStates = () => [...new Set(current.flatMap(({ tie }) => [tie.from, tie.to]))].sort();
/** The memberships on which the ties shown rest: those that may hold within the days looked at. */
const shownMemberships = () => shownArrangements().flatMap((id) => membershipsOf("arrangement", id))
  .filter(([, m]) => (m.wanted ? view.extras.has("never") : meets(m.possible, days())))
  .sort(([a], [b]) => (a < b ? -1 : 1));

/** The IRI that a short name stands for. */
function expand(id) {
  if (id.startsWith("<")) return id.slice(1, -1);
  const colon = id.indexOf(":");
  return (own(facts.prefixes, id.slice(0, colon)) ?? "") + id.slice(colon + 1);
}

/* ---------- Turtle ---------- */

const turtleName = (id) => (/^[a-z]+:[A-Za-z0-9]([\w.-]*[\w-])?$/.test(id) && own(facts.prefixes, id.slice(0, id.indexOf(":"))) ? id : `<${expand(id)}>`);
const escapes = { "\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t" };
const turtleText = (text) => `"${text.replace(/[\\"\n\r\t]/g, (char) => escapes[char]).replace(/[\u0000-\u001f\u007f]/g, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`)}"`;

function turtle() {
  const block = (id, kind, rows) => `${turtleName(id)}\n    a ${kind} ;\n    ${rows.filter(Boolean).join(" ;\n    ")} .\n`;
  const labels = ({ en, zh }) => `rdfs:label ${turtleText(en)}@en , ${turtleText(zh)}@zh-Hans`;
  const edtf = (term, text) => text && `${term} ${turtleText(text)}^^edtf:EDTF`;
  const memberships = shownMemberships();
  const sources = [...new Set(memberships.flatMap(([, m]) => m.sources))].sort();
  return [
    `# The alliance web, ${days().join(" to ")}: memberships that hold or may hold. ${LICENCE}.\n`,
    Object.entries(facts.prefixes).map(([name, base]) => `@prefix ${name}: <${base}> .\n`).join(""),
    ...sources.map((id) => block(id, "lw:Source", [labels(facts.sources[id].name)])),
    ...shownStates().map((id) => block(id, "lw:State", [labels(facts.states[id].name)])),
    ...shownArrangements().map((id) => block(id, "lw:Arrangement", [labels(facts.arrangements[id].name), `lw:layer ${turtleName(facts.arrangements[id].layer)}`])),
    ...memberships.map(([id, m]) => block(id, "lw:Membership", [
      `lw:member ${turtleName(m.member)}`, `lw:arrangement ${turtleName(m.arrangement)}`,
      m.wanted && "lw:membershipRole lwc:prospectiveMember",
      edtf("lw:begin", m.begin), edtf("lw:end", m.end), edtf("lw:attested", m.attested),
      m.locator && `lw:locator ${turtleText(m.locator)}`,
      m.evidence.length && `lw:evidence ${m.evidence.map(turtleName).join(" , ")}`,
      `dct:source ${m.sources.map(turtleName).join(" , ")}`,
    ])),
  ].join("\n");
}

/* ---------- CSV ---------- */

function csv() {
  const cell = (text) => (/[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
  const head = ["from", "to", "one", "one_en", "one_zh", "other", "other_en", "other_zh", "arrangement", "arrangement_en", "arrangement_zh", "layer", "status", "background_only", "sources"];
  const rows = current.map(({ tie, status, background, sources }) => [
    ...days(), ...[tie.from, tie.to].flatMap((id) => [id, facts.states[id].name.en, facts.states[id].name.zh]),
    tie.arrangement, facts.arrangements[tie.arrangement].name.en, facts.arrangements[tie.arrangement].name.zh,
    layerOf(tie), status, String(background), sources.join(" "),
  ]);
  return [head, ...rows].map((row) => `${row.map(cell).join(",")}\r\n`).join("");
}

/* ---------- GEXF 1.3 ---------- */

function gexf() {
  const signs = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "\n": "&#10;", "\r": "&#13;", "\t": "&#9;" };
  // Characters that XML cannot hold are left out.
  const text = (value) => value.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, "").replace(/[&<>"\n\r\t]/g, (char) => signs[char]);
  const attributes = (kind, names) => `<attributes class="${kind}">${names.map((name, i) => `<attribute id="${i}" title="${name}" type="string"/>`).join("")}</attributes>`;
  const values = (all) => `<attvalues>${all.map((value, i) => `<attvalue for="${i}" value="${text(value)}"/>`).join("")}</attvalues>`;
  const nodes = shownStates().map((id) => `<node id="${text(id)}" label="${text(facts.states[id].name.en)}">${values([expand(id), facts.states[id].name.zh, facts.states[id].code])}</node>`);
  const edges = current.map(({ tie, status, sources }) => {
    const { name } = facts.arrangements[tie.arrangement];
    return `<edge id="${text(tie.id)}" source="${text(tie.from)}" target="${text(tie.to)}" type="undirected" kind="${text(tie.arrangement)}" label="${text(name.en)}">${values([expand(tie.arrangement), name.zh, layerOf(tie), status, sources.join(" ")])}</edge>`;
  });
  return `<?xml version="1.0" encoding="UTF-8"?>
<gexf xmlns="http://gexf.net/1.3" version="1.3">
<meta lastmodifieddate="${view.date}"><creator>latticework</creator><description>The alliance web, ${days().join(" to ")}. ${LICENCE}.</description></meta>
<graph defaultedgetype="undirected" mode="static">
${attributes("node", ["iri", "label_zh", "iso"])}
${attributes("edge", ["arrangement", "label_zh", "layer", "status", "sources"])}
<nodes>
${nodes.join("\n")}
</nodes>
<edges>
${edges.join("\n")}
</edges>
</graph>
</gexf>
`;
}

/* ---------- Pictures ---------- */

const HEAD = 66; // pixels over the drawing for the date and the caption
const FOOT = 34; // pixels under it for the layers
const FACE = '"Noto Sans", "Noto Sans CJK SC", "Noto Sans SC", "PingFang SC", "Microsoft YaHei", sans-serif';
const pictureLines = () => [spanText(), caption()];
const credit = () => `${say("title")} · ${LICENCE}`;

function picture() {
  const { clientWidth: width, clientHeight: height } = canvas;
  const middle = `translate(${width / 2} ${HEAD + height / 2})`;
  const root = svg("svg", { xmlns: "http://www.w3.org/2000/svg", viewBox: `0 0 ${width} ${height + HEAD + FOOT}`, width, height: height + HEAD + FOOT, "font-family": FACE });
  const write = (x, y, size, text, more = {}) => {
    const node = svg("text", { x, y, "font-size": size, fill: rgba(colour("ink")), ...more });
    node.textContent = text;
    return node;
  };
  const [title, words] = pictureLines();
  root.append(
    svg("rect", { width, height: height + HEAD + FOOT, fill: rgba(colour("stage")) }),
    write(20, 30, 20, title, { "font-weight": 600 }), write(20, 52, 13, words),
    svg("g", { transform: middle }, ...outlined().map(hullShape), ...mass.map(massShape), ...Object.values(graph.body.edges).filter((edge) => edge.connected).flatMap(lineShape)),
    svg("g", { transform: middle }, ...Object.values(graph.body.nodes).filter((node) => nodeSet.get(node.id)).map((node) => nodeShape(node, write))),
    svg("g", { transform: middle }, ...marks.map(({ x, y }) => svg("g", { stroke: rgba(colour("threat")), fill: "none" },
      svg("circle", { cx: x, cy: y, r: 7, fill: rgba(colour("stage")) }),
      svg("path", { d: `M${x - 3.5} ${y - 1.7}h7M${x - 3.5} ${y + 1.7}h7M${x + 1.8} ${y - 4}l-3.6 8` })))),
  );
  let x = 20;
  for (const layer of facts.layers.filter(({ id }) => view.layers.has(id))) {
    const y = HEAD + height + 18;
    root.append(svg("line", { x1: x, x2: x + 24, y1: y - 4, y2: y - 4, stroke: rgba(layerColour(layer.id)), "stroke-width": layerWidth(layer.id), "stroke-dasharray": dashesOf(layer.id, "certain") ? dashesOf(layer.id, "certain").join(" ") : null }), write(x + 30, y, 12, named(layer.name)));
    x += 46 + [...named(layer.name)].reduce((sum, char) => sum + (char > "\u2e7f" ? 12 : 6.4), 0);
  }
  root.append(write(width - 20, HEAD + height + 18, 11, credit(), { "text-anchor": "end" }));
  return root;
}

function hullShape(id) {
  const corners = hull([...members(id).keys()].map((state) => place.get(state)).filter(Boolean));
  const paint = rgba(layerColour(facts.arrangements[id].layer));
  return svg("path", {
    d: `M${corners.map(({ x, y }) => `${x} ${y}`).join("L")}Z`,
    fill: paint, "fill-opacity": 0.07, stroke: paint, "stroke-opacity": 0.07, "stroke-width": 62, "stroke-linejoin": "round",
  });
}

function massShape(one) {
  const { from, via, to } = course(one.tie);
  const style = massStyle(one);
  return svg("path", { d: `M${from.x} ${from.y}Q${via.x} ${via.y} ${to.x} ${to.y}`, fill: "none", stroke: style.color, "stroke-width": style.width, "stroke-dasharray": style.dashes.join(" ") || null });
}

function lineShape(edge) {
  const style = edgeSet.get(edge.id);
  if (!style) return [];
  const via = edge.edgeType._getViaCoordinates?.();
  const { from, to } = edge;
  const d = via && via.x !== undefined ? `M${from.x} ${from.y}Q${via.x} ${via.y} ${to.x} ${to.y}` : `M${from.x} ${from.y}L${to.x} ${to.y}`;
  const shape = (paint, width, dashes) => svg("path", { d, fill: "none", stroke: paint, "stroke-width": width, "stroke-dasharray": dashes ? dashes.join(" ") : null });
  const title = svg("title");
  title.textContent = tipText(edge.id);
  const line = shape(style.color.color, style.width, style.dashes);
  line.append(title);
  const arrow = style.arrows?.to ? [arrowHead(edge, style.color.color)] : [];
  return style.background?.enabled ? [shape(style.background.color, style.background.size, style.background.dashes), line] : [line, ...arrow];
}

/** The head of an arrow, where it meets the node. */
function arrowHead(edge, paint) {
  const { width, height } = edge.to.shape;
  const near = [...Array(60).keys()].map((i) => edge.edgeType.getPoint(1 - i / 60))
    .find((at) => Math.abs(at.x - edge.to.x) > width / 2 + 1 || Math.abs(at.y - edge.to.y) > height / 2 + 1) ?? edge.edgeType.getPoint(0.9);
  const angle = (Math.atan2(edge.to.y - near.y, edge.to.x - near.x) * 180) / Math.PI;
  return svg("path", { d: "M0 0L-9 -4L-9 4Z", fill: paint, transform: `translate(${near.x} ${near.y}) rotate(${angle})` });
}

function nodeShape(node, write) {
  const style = nodeSet.get(node.id);
  const { x, y } = node;
  if (style.shape === "dot") return svg("circle", { cx: x, cy: y, r: style.size, fill: style.color.background, stroke: style.color.border });
  const { width, height } = node.shape;
  const lines = style.label.split("\n");
  const size = style.font.size;
  return svg("g", {},
    svg("rect", {
      x: x - width / 2, y: y - height / 2, width, height, rx: style.shapeProperties.borderRadius,
      fill: style.color.background, stroke: style.color.border, "stroke-width": style.borderWidth,
      "stroke-dasharray": style.shapeProperties.borderDashes ? style.shapeProperties.borderDashes.join(" ") : null,
    }),
    ...lines.map((text, i) => write(x, y + size * 0.36 + (i - (lines.length - 1) / 2) * size * 1.05, size, text, { "text-anchor": "middle", fill: style.font.color })));
}

/** The drawing as pixels, from the canvas itself, so that its fonts are the page's. */
function pixels() {
  const { clientWidth: width, clientHeight: height } = canvas;
  const source = canvas.querySelector("canvas");
  const scale = 2;
  const sheet = el("canvas", { width: width * scale, height: (height + HEAD + FOOT) * scale });
  const context = sheet.getContext("2d");
  context.scale(scale, scale);
  context.fillStyle = rgba(colour("stage"));
  context.fillRect(0, 0, width, height + HEAD + FOOT);
  context.drawImage(source, 0, HEAD, width, height);
  context.fillStyle = rgba(colour("ink"));
  const [title, words] = pictureLines();
  context.font = `600 20px ${fontFace()}`;
  context.fillText(title, 20, 30);
  context.font = `13px ${fontFace()}`;
  context.fillText(words, 20, 52, width - 40);
  let x = 20;
  const y = HEAD + height + 18;
  context.font = `12px ${fontFace()}`;
  for (const layer of facts.layers.filter(({ id }) => view.layers.has(id))) {
    context.strokeStyle = rgba(layerColour(layer.id));
    context.lineWidth = layerWidth(layer.id);
    context.setLineDash(dashesOf(layer.id, "certain") || []);
    line(context, x, y - 4, x + 24, y - 4);
    context.fillText(named(layer.name), x + 30, y);
    x += 46 + context.measureText(named(layer.name)).width;
  }
  context.textAlign = "right";
  context.font = `11px ${fontFace()}`;
  context.fillText(credit(), width - 20, y);
  return new Promise((done) => sheet.toBlob(done, "image/png"));
}

/* ---------- Saving ---------- */

const FILES = {
  ttl: { type: "text/turtle", make: turtle },
  csv: { type: "text/csv", make: csv },
  gexf: { type: "application/gexf+xml", make: gexf },
  svg: { type: "image/svg+xml", make: () => new XMLSerializer().serializeToString(picture()) },
  png: { type: "image/png", make: pixels },
};

async function save(kind) {
  const { type, make } = FILES[kind];
  const blob = new Blob([await make()], { type });
  const address = URL.createObjectURL(blob);
  el("a", { href: address, download: `alliance-web-${stamp()}.${kind}` }).click();
  setTimeout(() => URL.revokeObjectURL(address), 10000);
}

function drawDownloads() {
  byId("download-name").textContent = say("download");
  byId("download-body").replaceChildren(
    el("p", { class: "hint" }, say("download_hint")),
    ...Object.keys(FILES).map((kind) => el("button", { type: "button", class: "plain-button", "data-file": kind, onclick: () => save(kind) },
      el("strong", {}, kind === "ttl" ? "Turtle" : kind.toUpperCase()), el("span", { class: "hint" }, say(`file_${kind}`)))));
}
