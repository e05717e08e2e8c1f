// A cell as a picture, laid out as `mote show --svg` does (mote/report/cell_svg.cc).

const cellLooks = {
  nor_conv_3x3: ['conv3', 'conv 3×3', '3×3 convolution'],
  nor_conv_1x1: ['conv1', 'conv 1×1', '1×1 convolution'],
  skip_connect: ['skip', 'skip', 'skip connection'],
  avg_pool_3x3: ['pool', 'pool 3×3', '3×3 average pooling'],
};

function cellLook(operation) {
  return cellLooks[operation] || ['other', operation, operation];
}

// Nodes and edges; null if the choices of the space are no edges.
function cellGraph(space, digits) {
  const edges = [];
  let nodes = 0;
  for (const [i, [name, options]] of space.choices.entries()) {
    const match = /^edge (\d+)<-(\d+)$/.exec(name);
    if (!match) return null;
    const target = Number(match[1]), source = Number(match[2]);
    const operation = options[parseInt(digits[i], 36)];
    edges.push({source, target, span: target - source, operation, none: operation === 'none'});
    nodes = Math.max(nodes, target + 1);
  }
  const reached = [true], reaching = [];
  reaching[nodes - 1] = true;
  for (let node = 1; node < nodes; ++node) {
    reached[node] = edges.some((e) => !e.none && e.target === node && reached[e.source]);
  }
  for (let node = nodes - 2; node >= 0; --node) {
    reaching[node] = edges.some((e) => !e.none && e.source === node && reaching[e.target]);
  }
  for (const edge of edges) {
    edge.live = !edge.none && reached[edge.source] && reaching[edge.target];
    edge.side = 0;
  }
  const arcs = edges.filter((edge) => edge.span > 1);
  arcs.sort((a, b) => b.span - a.span);
  for (const arc of arcs) {
    const crosses = (other) =>
        (arc.source < other.source && other.source < arc.target && arc.target < other.target) ||
        (other.source < arc.source && arc.source < other.target && other.target < arc.target);
    const free = (side) => !arcs.some((other) => other.side === side && crosses(other));
    arc.side = free(1) ? 1 : free(-1) ? -1 : 1;
  }
  return {
    nodes,
    edges,
    live: Array.from({length: nodes}, (_, node) => reached[node] && reaching[node]),
    connected: reached[nodes - 1],
  };
}

// The SVG element, or null if there is nothing to draw.
function drawCell(space, digits, title) {
  const cell = space && digits ? cellGraph(space, digits) : null;
  if (!cell) return null;
  const margin = 32, distance = 190, radius = 22, arrow = 11, port = 50, labelHeight = 22;
  const slope = (span) => Math.min(38 + 24 * (span - 2), 75) * Math.PI / 180;
  const handle = (span) => span * distance * (span === 2 ? 0.3 : 0.265);
  const rise = (span) => Math.sin(slope(span)) * (radius + 0.75 * handle(span));
  const width = 2 * (margin + port + radius) + (cell.nodes - 1) * distance;
  let above = radius, below = radius;
  for (const edge of cell.edges) {
    if (edge.side > 0) above = Math.max(above, rise(edge.span) + labelHeight / 2);
    if (edge.side < 0) below = Math.max(below, rise(edge.span) + labelHeight / 2);
  }
  const row = margin + above;
  let bottom = row + below + 12;
  const number = (value) => String(Number(value.toFixed(1)));
  const at = (x, y) => `${number(x)},${number(y)}`;
  const centre = (node) => margin + port + radius + node * distance;

  const svgName = 'http://www.w3.org/2000/svg';
  const svg = document.createElementNS(svgName, 'svg');
  const add = (parent, tag, attributes, text) => {
    const made = document.createElementNS(svgName, tag);
    for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
    if (text !== undefined) made.textContent = text;
    parent.append(made);
    return made;
  };
  add(svg, 'title', {}, title);
  const paper = add(svg, 'rect', {class: 'paper', x: 0.5, y: 0.5, rx: 8});
  const tip = (parent, x, y, angle, name) => {
    const baseX = x - arrow * Math.cos(angle), baseY = y - arrow * Math.sin(angle);
    const halfX = -Math.sin(angle) * 4.5, halfY = Math.cos(angle) * 4.5;
    add(parent, 'path', {
      class: name,
      d: `M${at(x, y)}L${at(baseX + halfX, baseY + halfY)}L${at(baseX - halfX, baseY - halfY)}Z`,
    });
  };

  const labels = [];
  const drawn = cell.edges.filter((edge) => !edge.none);
  for (const edge of [...drawn.filter((e) => !e.live), ...drawn.filter((e) => e.live)]) {
    const [name, words] = cellLook(edge.operation);
    const css = edge.live ? name : name + ' dangling';
    const from = centre(edge.source), to = centre(edge.target);
    const gap = radius + 3, reach = gap + arrow - 1;
    let path, angle = 0, tipX = to - gap, tipY = row, middleY = row;
    if (edge.side === 0) {
      path = `M${at(from + gap, row)}L${at(to - reach, row)}`;
    } else {
      const lean = slope(edge.span), h = handle(edge.span);
      const up = -edge.side * Math.sin(lean), along = Math.cos(lean);
      const point = (x, direction, far) => at(x + direction * along * far, row + up * far);
      path = `M${point(from, 1, gap)}C${point(from, 1, gap + h)} ` +
          `${point(to, -1, reach + h)} ${point(to, -1, reach)}`;
      tipX = to - along * gap;
      tipY = row + up * gap;
      angle = Math.atan2(-up, along);
      middleY = row + up * ((gap + reach) / 2 + 0.75 * h);
    }
    const group = add(svg, 'g', {class: css});
    add(group, 'path', {class: 'edge', d: path});
    tip(group, tipX, tipY, angle, 'tip');
    labels.push({css, words, x: (from + to) / 2, y: middleY});
  }
  const first = centre(0), last = centre(cell.nodes - 1);
  for (const [from, to, words] of [[first - radius - port, first - radius - 3, 'input'],
                                   [last + radius + 3, last + radius + port, 'output']]) {
    add(svg, 'path', {class: 'port', d: `M${at(from, row)}L${at(to - arrow + 1, row)}`});
    tip(svg, to, row, 0, 'porttip');
    add(svg, 'text', {class: 'portname', x: number((from + to) / 2), y: number(row + 21)}, words);
  }
  for (let node = 0; node < cell.nodes; ++node) {
    const end = node === 0 || node === cell.nodes - 1;
    const group = add(svg, 'g', cell.live[node] || end ? {} : {class: 'dead'});
    add(group, 'circle', {class: 'node', cx: centre(node), cy: number(row), r: radius});
    add(group, 'text', {class: 'number', x: centre(node), y: number(row + 5)}, node);
  }
  for (const label of labels) {
    const group = add(add(svg, 'g', {class: label.css}), 'g', {class: 'label'});
    const room = Math.min(label.words.length * 8 + 14, 110);
    add(group, 'rect', {
      x: number(label.x - room / 2), y: number(label.y - labelHeight / 2),
      width: room, height: labelHeight, rx: labelHeight / 2,
    });
    add(group, 'text', {x: number(label.x), y: number(label.y + 4.5)}, label.words);
  }
  if (!cell.connected) {
    add(svg, 'text', {class: 'quiet', x: margin, y: bottom + 18},
        'The output does not depend on the input.');
    bottom += 24;
  }
  const height = bottom + margin - 8;
  paper.setAttribute('width', width - 1);
  paper.setAttribute('height', number(height - 1));
  svg.setAttribute('class', 'mote-cell');
  svg.setAttribute('role', 'img');
  svg.setAttribute('viewBox', `0 0 ${width} ${number(height)}`);
  return svg;
}
