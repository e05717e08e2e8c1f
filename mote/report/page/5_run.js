// One run of the page: its table, charts and cell, which follow each other.

class Run {
  constructor(article) {
    this.article = article;
    this.number = Number(article.dataset.run);
    this.data = JSON.parse(document.getElementById(`run${this.number}-data`).textContent);
    const extremes = {inf: Infinity, '-inf': -Infinity};
    for (const column of this.data.columns) {
      column.values = column.values.map((v) => typeof v === 'string' ? extremes[v] : v);
    }
    this.drawn = [];  // charts of rows
    this.rowOf = new Map(this.data.archs.map((arch, row) => [arch, row]));
    const place = article.querySelector('.candidates');
    if (place) this.showCandidates(place);
    for (const figure of article.querySelectorAll('[data-figure]')) this.showFigure(figure);
  }

  column(name) {
    return this.data.columns.find((column) => column.name === name);
  }

  showCandidates(place) {
    this.pane = place.querySelector('.cell');
    const searched = this.data.archs.map((arch, row) =>
        `${arch} ${this.data.decisions[row]}`.toLowerCase());
    const arch = {
      name: 'arch', label: 'Architecture', values: this.data.archs, numbers: false, code: true,
      better: 0, show: (value) => value,
    };
    const columns = this.data.columns.map((column) => Object.assign(column, {
      numbers: true,
      show: (value) => shown(column, value),
    }));
    this.table = new SortedTable(place, {
      run: this.number,
      rows: this.data.archs.length,
      columns: [arch, ...columns],
      text: (row) => searched[row],
    }, '', (row) => this.choose(row, 'table'));
    place.querySelector('.download').addEventListener('click', () => {
      download(this.data.title.replace(/[^\w.-]+/g, '-') + '.csv', this.table.csv());
    });
    this.scores = this.data.columns.filter((column) => column.score);
    this.by = this.scores[0];
    if (this.scores.length > 1) this.offerScores(place);
    for (const figure of place.querySelectorAll('[data-plot]')) this.drawPlot(figure);
    view.listeners.push(() => this.readChoice());
    this.readChoice();
  }

  offerScores(place) {
    const select = place.querySelector('.score-choice');
    select.append(...this.scores.map((column) =>
        element('option', {value: column.name}, column.label)));
    place.querySelector('.by').hidden = false;
    const wanted = this.column(view.get(this.number, 'by'));
    if (wanted && wanted.score) this.by = wanted;
    select.value = this.by.name;
    select.addEventListener('change', () => {
      this.by = this.column(select.value);
      view.set(this.number, 'by', this.by === this.scores[0] ? '' : this.by.name);
      this.redraw();
    });
  }

  readChoice() {
    const row = this.rowOf.get(view.get(this.number, 'arch'));
    if (row !== undefined && row !== this.chosen) this.choose(row, 'address');
  }

  // Shows the row's cell here and its place everywhere else.
  choose(row, from) {
    this.chosen = row;
    if (from !== 'table') this.table.choose(row, false);
    view.set(this.number, 'arch', this.data.archs[row]);
    this.showCell(row);
    this.remark();
  }

  redraw() {
    for (const {draw} of this.drawn) draw();
  }

  // Only the mark of the chosen row, and once a frame however fast rows are walked through.
  remark() {
    if (this.waiting) return;
    this.waiting = true;
    requestAnimationFrame(() => {
      this.waiting = false;
      for (const {figure, mark} of this.drawn) {
        const chart = Chart.getChart(figure.querySelector('canvas'));
        mark(chart.data);
        chart.update('none');
      }
    });
  }

  showCell(row) {
    const close = element('button', {type: 'button', class: 'close', 'aria-label': 'Close'}, '×');
    close.addEventListener('click', () => {
      this.pane.hidden = true;
      view.set(this.number, 'arch', '');
    });
    const facts = element('dl', {});
    for (const column of this.data.columns) {
      if (column.values[row] === null) continue;
      facts.append(element('div', {}, element('dt', {}, column.label),
                           element('dd', {}, shown(column, column.values[row]))));
    }
    const arch = this.data.archs[row];
    const picture = drawCell(this.data.space, this.data.decisions[row], arch);
    this.pane.replaceChildren(close, ...(picture ? [picture] : []),
                              element('p', {}, element('code', {class: 'arch'}, arch)), facts);
    this.pane.hidden = false;
  }

  drawPlot(figure) {
    const kinds = {
      curve: () => this.curve(figure),
      histogram: () => this.histogram(figure),
      front: () => this.front(figure),
    };
    kinds[figure.dataset.plot]();
  }

  // Like plot, and drawn anew when another score is chosen; `mark(data)` marks the chosen row.
  plot(figure, make, describe, mark) {
    plot(figure, () => {
      const wanted = make();
      mark(wanted.data);
      return wanted;
    }, describe);
    this.drawn.push({figure, mark, draw: charts[charts.length - 1]});
  }

  // Options of a chart whose points are rows: `rowAt(dataset, index)`.
  rowOptions(x, y, rowAt, more) {
    return Object.assign({
      scales: {x, y},
      interaction: {mode: 'nearest', intersect: true},
      plugins: {
        legend: {display: false},
        tooltip: {callbacks: {label: (item) => {
          const row = rowAt(item.datasetIndex, item.dataIndex);
          return row === undefined ? '' : this.data.archs[row];
        }, afterLabel: (item) => `${item.formattedValue}`}},
      },
      onClick: (event, items) => {
        const row = items.map((item) => rowAt(item.datasetIndex, item.index))
                        .find((found) => found !== undefined);
        if (row !== undefined) this.choose(row, 'chart');
      },
    }, more);
  }

  chosenMark() {
    return dots('chosen', [], {
      pointRadius: 8, pointHoverRadius: 8, pointStyle: 'circle', borderWidth: 2.5,
      backgroundColor: 'transparent', borderColor: colour('ink'),
    });
  }

  curve(figure) {
    const curve = this.data.curves[Number(figure.dataset.curve)];
    const rows = curve.archs.map((arch) => this.rowOf.get(arch));
    const points = curve.x.map((x, i) => ({x, y: curve.value[i]}));
    const make = () => ({
      type: 'scatter',
      data: {datasets: [
        this.chosenMark(),
        steps('best so far', curve.x, curve.best, 0),
        dots('each', points),
      ]},
      options: this.rowOptions(axis(curve.seconds ? 'core seconds' : 'evaluations'),
                               axis(curve.name),
                               (set, i) => set === 2 ? rows[i] : undefined),
    });
    const last = curve.best.length - 1;
    this.plot(figure, make, () => `Best ${curve.name} so far, ${grouped(curve.x.length)} values: ` +
        `from ${curve.best[0]} to ${curve.best[last]}`, (data) => {
      data.datasets[0].data =
          points.filter((_, i) => rows[i] !== undefined && rows[i] === this.chosen);
    });
  }

  histogram(figure) {
    const caption = figure.querySelector('figcaption');
    let bins = null;
    const make = () => {
      caption.textContent = `How ${this.by.label} is distributed`;
      bins = binsOf(this.by.values);
      if (!bins) return {type: 'bar', data: {datasets: []}};
      const labels = bins.counts.map((_, i) =>
          `${shown(this.by, bins.end(i))} to ${shown(this.by, bins.end(i + 1))}`);
      return {
        type: 'bar',
        data: {labels, datasets: [{
          label: 'architectures',
          data: bins.counts,
          barPercentage: 1,
          categoryPercentage: 0.96,
        }]},
        options: {
          parsing: true,
          scales: {
            x: Object.assign(axis(this.by.label), {type: 'category', ticks: {
              color: colour('quiet'), maxRotation: 0, autoSkipPadding: 24,
              callback: (_, i) => Number(((bins.end(i) + bins.end(i + 1)) / 2).toPrecision(3)),
            }}),
            y: axis('architectures'),
          },
          plugins: {legend: {display: false}},
          onClick: (event, items) => {
            if (items.length === 0) return;
            const i = items[0].index, name = this.by.name;
            const top = i === bins.counts.length - 1 ? bins.most : bins.end(i + 1);
            const below = i === bins.counts.length - 1 ? '<=' : '<';
            this.table.input.value = `${name}>=${bins.end(i)} ${name}${below}${top}`;
            this.table.input.dispatchEvent(new Event('input'));
          },
        },
      };
    };
    const describe = () => bins ? `How ${this.by.label} is distributed: from ` +
        `${shown(this.by, bins.least)} to ${shown(this.by, bins.most)}` : `No ${this.by.label}`;
    this.plot(figure, make, describe, (data) => {
      if (!bins) return;
      const chosen = this.by.values[this.chosen ?? -1];
      const mine = Number.isFinite(chosen) ? bins.binOf(chosen) : -1;
      data.datasets[0].backgroundColor =
          bins.counts.map((_, i) => colour(i === mine ? 'look1' : 'look0'));
    });
  }

  front(figure) {
    const cost = this.column(figure.dataset.cost);
    const caption = figure.querySelector('figcaption');
    const at = (row) => ({x: cost.values[row] * cost.scale, y: this.by.values[row]});
    let front = [], rows = [], marked = [];
    const make = () => {
      caption.textContent = `${this.by.label} against ${cost.label}`;
      front = frontOf(cost.values, this.by.values, this.by.better);
      rows = [];
      for (let row = 0; row < cost.values.length; ++row) {
        if (cost.values[row] !== null && this.by.values[row] !== null) rows.push(row);
      }
      const log = (binsOf(this.by.values) || {}).log;
      return {
        type: 'scatter',
        data: {datasets: [
          this.chosenMark(),
          Object.assign(steps('Pareto front', front.map((row) => at(row).x),
                              front.map((row) => at(row).y), 0),
                        {pointRadius: 4, pointHitRadius: 6, pointStyle: 'rectRot'}),
          dots('others', rows.map(at), rows.length > 2000 ? {pointRadius: 1.5} : {}),
        ]},
        options: this.rowOptions(axis(cost.label), axis(this.by.label, log),
                                 (set, i) => [marked, front, rows][set][i]),
      };
    };
    this.plot(figure, make, () => `${this.by.label} against ${cost.label}: ` +
        `${grouped(rows.length)} architectures, of which ${front.length} on the Pareto front. ` +
        'Arrow keys walk along the front.', (data) => {
      const has = this.chosen !== undefined && cost.values[this.chosen] !== null &&
          this.by.values[this.chosen] !== null;
      marked = has ? [this.chosen] : [];
      data.datasets[0].data = marked.map(at);
    });
    figure.querySelector('canvas').addEventListener('keydown', (event) => {
      const step = {ArrowRight: 1, ArrowLeft: -1}[event.key];
      if (!step || front.length === 0) return;
      event.preventDefault();
      const place = front.indexOf(this.chosen);
      const next = place < 0 ? (step > 0 ? 0 : front.length - 1) : place + step;
      this.choose(front[Math.max(0, Math.min(front.length - 1, next))], 'chart');
    });
  }

  // Numbers of a study or comparison. What can be downloaded has all digits.
  showFigure(figure) {
    const place = figure.querySelector('details');
    if (!place) return;
    const index = Number(figure.dataset.figure);
    const {header, rows} = this.data.figures[index];
    const columns = header.map((name, i) => {
      const texts = rows.map((row) => row[i]);
      const numbers = texts.some((text) => text !== '') &&
          texts.every((text) => text === '' || Number.isFinite(Number(text)));
      const values = numbers ? texts.map((text) => text === '' ? null : Number(text)) : texts;
      return {name, label: name, values, numbers, better: 0, texts};
    });
    for (const column of columns) {
      column.show = (value) => value === null ? '' :
          column.numbers ? shortNumber(value) : value;
    }
    new SortedTable(place, {
      run: this.number,
      rows: rows.length,
      columns,
      text: (row) => rows[row].join(' ').toLowerCase(),
    }, `figure${index + 1}.`, null);
  }
}
