/* What is drawn on the canvas behind and before the network: hulls, the map's lines, divergences. */

let marks = []; // where divergences are marked, and what each opens: { opens, x, y }

graph.on("beforeDrawing", (context) => {
  if (view.layout === "map") drawGround(context);
  for (const id of outlined()) drawHull(context, id);
});

/** The arrangements whose hull is drawn: all that are shown, or the one in view. */
function outlined() {
  const id = hinted || pointed || view.selected;
  const chosen = own(facts.arrangements, id) ? id : tieById.get(id)?.arrangement;
  const visible = new Set(current.map(({ tie }) => tie.arrangement));
  const all = view.whole === "hulls" ? NARY.filter((one) => visible.has(one)) : [];
  return [...new Set([...all, ...(chosen && visible.has(chosen) ? [chosen] : [])])];
}

function drawHull(context, id) {
  const { layer, status } = facts.arrangements[id];
  const corners = hull([...members(id).keys()].map((state) => place.get(state)).filter(Boolean));
  if (corners.length < 2) return;
  const chosen = [hinted, pointed, view.selected, tieById.get(hinted || view.selected)?.arrangement].includes(id);
  const line = layerColour(layer);
  const around = outline(corners, 25);
  context.save();
  context.fillStyle = rgba(line, chosen ? 0.16 : 0.07);
  context.fill(around);
  context.strokeStyle = rgba(line, chosen ? 0.95 : 0.6);
  context.lineWidth = chosen ? 1.8 : 1;
  context.setLineDash(status === "held" ? [] : DASHES[status]);
  if (view.whole === "hulls" || chosen) context.stroke(around);
  context.restore();
}

/** A line round some corners at a distance, with round ends. */
function outline(corners, distance) {
  const path = new Path2D();
  corners.forEach((corner, i) => {
    const before = corners.at(i - 1);
    const after = corners[(i + 1) % corners.length];
    const angle = (from, to) => Math.atan2(to.y - from.y, to.x - from.x) - Math.PI / 2;
    path.arc(corner.x, corner.y, distance, angle(before, corner), angle(corner, after));
  });
  path.closePath();
  return path;
}

/** A few lines of the map, the capitals as dots, and a thread to each name that was moved. */
function drawGround(context) {
  const { clientWidth: width, clientHeight: height } = canvas;
  const across = width / 2 - (narrow() ? 42 : 68);
  const down = height / 2 - (narrow() ? 24 : 28);
  context.save();
  context.strokeStyle = rgba(colour("line"), 0.5);
  context.lineWidth = 1;
  const { meridians, parallels, equator: [equator] } = facts.grid;
  for (const x of meridians) line(context, (x / 1000) * across, -height / 2, (x / 1000) * across, height / 2);
  for (const y of parallels) line(context, -width / 2, (y / 1000) * down, width / 2, (y / 1000) * down);
  context.strokeStyle = rgba(mix(colour("quiet"), colour("stage"), 0.5));
  line(context, -width / 2, (equator / 1000) * down, width / 2, (equator / 1000) * down);
  context.fillStyle = rgba(colour("quiet"));
  context.font = `11px ${fontFace()}`;
  context.fillText(say("equator"), -width / 2 + 8, (equator / 1000) * down - 5);
  for (const id of placedStates()) {
    const { capital } = facts.states[id];
    const at = place.get(id);
    if (!capital || !at) continue;
    const [x, y] = [(capital[0] / 1000) * across, (capital[1] / 1000) * down];
    context.strokeStyle = rgba(mix(colour("quiet"), colour("stage"), 0.6));
    line(context, x, y, at.x, at.y);
    context.beginPath();
    context.arc(x, y, 2.5, 0, 2 * Math.PI);
    context.fill();
  }
  context.restore();
}

function line(context, x, y, toX, toY) {
  context.beginPath();
  context.moveTo(x, y);
  context.lineTo(toX, toY);
  context.stroke();
}

/** The middle of a tie as it is drawn. */
function middleOf(tie) {
  const edge = graph.body.edges[tie.id];
  if (edge?.connected) return edge.edgeType.getPoint(0.5);
  return place.has(tie.from) && place.has(tie.to) ? onCourse(course(tie), 0.5) : null;
}

graph.on("afterDrawing", (context) => {
  marks = [];
  if (!view.extras.has("divergences")) return;
  const chosen = focus(hinted || view.selected);
  const focused = current.some(({ tie }) => chosen?.has(tie.id)) ? chosen : null;
  for (const { tie } of current) {
    if (!divergencesOn(tie).length) continue;
    const node = throughNode(tie.arrangement) ? tie.arrangement : "";
    const opens = node || `diverge:${tie.id}`;
    const at = node ? cornerOf(node) : middleOf(tie);
    if (!at || marks.some((mark) => mark.opens === opens)) continue;
    marks.push({ opens, x: at.x, y: at.y });
    drawMark(context, at, !focused || focused.has(tie.id));
  }
});

/** The upper right corner of a node. */
function cornerOf(id) {
  const node = graph.body.nodes[id];
  return node ? { x: node.x + node.shape.width / 2, y: node.y - node.shape.height / 2 } : null;
}

/** "Not equal" in a disc. */
function drawMark(context, { x, y }, near) {
  context.save();
  context.globalAlpha = near ? 1 : 0.25;
  context.beginPath();
  context.arc(x, y, 7, 0, 2 * Math.PI);
  context.fillStyle = rgba(colour("stage"));
  context.fill();
  context.strokeStyle = rgba(colour("threat"));
  context.lineWidth = 1.3;
  context.stroke();
  line(context, x - 3.5, y - 1.7, x + 3.5, y - 1.7);
  line(context, x - 3.5, y + 1.7, x + 3.5, y + 1.7);
  line(context, x + 1.8, y - 4, x - 1.8, y + 4);
  context.restore();
}

/** What the mark under the pointer opens. */
function markAt(pointer) {
  const at = graph.DOMtoCanvas(pointer);
  return marks.find(({ x, y }) => Math.hypot(x - at.x, y - at.y) < 10)?.opens;
}
