// Charts by Chart.js in the page's colours. What differs by colour differs by dash or shape, too.

const charts = [];  // functions that draw each one anew

const dashes = [[], [9, 4], [3, 3], [11, 3, 2, 3], [6, 3, 2, 3, 2, 3], [18, 4]];
const shapes = ['circle', 'rect', 'triangle', 'rectRot', 'cross', 'star'];

function colour(name) {
  return getComputedStyle(document.documentElement).getPropertyValue('--' + name).trim();
}

function look(number) {
  return colour('look' + number % 6);
}

function axis(title, log) {
  return {
    type: log ? 'logarithmic' : 'linear',
    title: {display: true, text: title, color: colour('ink')},
    grid: {color: colour('grid'), borderColor: colour('frame')},
    ticks: {color: colour('quiet'), maxRotation: 0},
  };
}

// Draws a chart into the figure, and again whenever the colours change. `make` returns what
// Chart.js wants; `describe` says the chart in words.
function plot(figure, make, describe) {
  const canvas = figure.querySelector('canvas');
  const draw = () => {
    const old = Chart.getChart(canvas);
    if (old) old.destroy();
    const wanted = make();
    wanted.options = Object.assign({
      animation: false,
      maintainAspectRatio: false,
      parsing: false,
      normalized: true,
    }, wanted.options);
    new Chart(canvas, wanted);
    canvas.setAttribute('aria-label', describe());
  };
  charts.push(draw);
  draw();
}

matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => {
  for (const draw of charts) draw();
});

Chart.defaults.font.family = 'system-ui, "Segoe UI", "Helvetica Neue", Arial, sans-serif';

function steps(name, x, y, number) {
  return {
    label: name,
    type: 'line',
    data: x.map((value, i) => ({x: value, y: y[i]})),
    stepped: true,
    borderColor: look(number),
    backgroundColor: look(number),
    borderDash: dashes[number % 6],
    borderWidth: 2.5,
    pointRadius: 0,
    pointHitRadius: 0,
  };
}

function dots(name, data, more) {
  return Object.assign({
    label: name,
    type: 'scatter',
    data,
    backgroundColor: colour('dots'),
    borderColor: colour('dots'),
    pointRadius: 2.5,
    pointHoverRadius: 5,
  }, more);
}

// Bins as the static picture has them (mote/report/static_chart.cc).
function binsOf(values) {
  const finite = values.filter((value) => value !== null && Number.isFinite(value));
  if (finite.length === 0) return null;
  let least = finite[0], most = finite[0];
  for (const value of finite) {
    least = Math.min(least, value);
    most = Math.max(most, value);
  }
  const log = least > 0 && most / least > 1000;
  const place = log ? Math.log10 : (value) => value;
  const low = place(least), high = place(most);
  const count = low === high ? 1 : Math.min(40, Math.max(5, Math.round(Math.sqrt(finite.length))));
  const binOf = (value) => low === high ? 0 :
      Math.max(0, Math.min(count - 1, Math.floor((place(value) - low) / (high - low) * count)));
  const end = (i) => {
    const at = low === high ? low : low + (high - low) * i / count;
    return log ? 10 ** at : at;
  };
  const counts = Array(count).fill(0);
  for (const value of finite) ++counts[binOf(value)];
  return {counts, binOf, end, log, least, most};
}

// Rows on the Pareto front, by cost: low cost, good score.
function frontOf(cost, score, better) {
  const rows = [];
  for (let row = 0; row < cost.length; ++row) {
    if (Number.isFinite(cost[row]) && Number.isFinite(score[row]) && cost[row] !== null &&
        score[row] !== null) {
      rows.push(row);
    }
  }
  rows.sort((a, b) => cost[a] - cost[b] || better * (score[b] - score[a]) || a - b);
  const front = [];
  for (const row of rows) {
    if (front.length === 0 || better * (score[row] - score[front[front.length - 1]]) > 0) {
      front.push(row);
    }
  }
  return front;
}
