// What all parts of the page use: elements, numbers as people read them, and the view, which is
// kept in the address so that it can be passed on and survives a reload.

document.documentElement.classList.add('js');

function element(tag, attributes, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes || {})) {
    if (value === true) made.setAttribute(name, '');
    else if (value !== false && value !== null) made.setAttribute(name, value);
  }
  made.append(...children);
  return made;
}

function shown(column, value) {
  if (value === null) return '';
  if (value === Infinity) return '∞';
  if (value === -Infinity) return '−∞';
  const scaled = value * column.scale;
  return column.scientific ? scaled.toExponential(column.digits) : scaled.toFixed(column.digits);
}

// With six digits behind which nobody reads on; larger numbers whole.
function shortNumber(value) {
  if (Number.isInteger(value)) return String(value);
  return Math.abs(value) >= 1e5 ? value.toFixed(0) : String(Number(value.toPrecision(6)));
}

function grouped(count) {
  return String(count).replace(/\B(?=(\d{3})+$)/g, ' ');
}

// #filter=conv&sort=-mote&2.sort=params: names after "N." belong to the N-th run, others to the
// first one.
const view = {
  values: new Map(),
  listeners: [],

  read() {
    this.values.clear();
    for (const part of location.hash.slice(1).split('&')) {
      const at = part.indexOf('=');
      if (at <= 0) continue;
      try {
        this.values.set(decodeURIComponent(part.slice(0, at)),
                        decodeURIComponent(part.slice(at + 1)));
      } catch (error) {
        // An address that was cut short.
      }
    }
  },
  key(run, name) {
    return run === 1 ? name : `${run}.${name}`;
  },
  get(run, name) {
    return this.values.get(this.key(run, name)) || '';
  },
  set(run, name, value) {
    if (this.get(run, name) === value) return;
    if (value === '') this.values.delete(this.key(run, name));
    else this.values.set(this.key(run, name), value);
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.write(), 150);
  },
  write() {
    const parts = [...this.values].map(
        ([key, part]) => `${encodeURIComponent(key)}=${encodeURIComponent(part)}`);
    // Not assigned, which would add a step to the history for every letter typed.
    location.replace('#' + parts.join('&'));
    this.written = location.hash;
  },
};

view.read();
addEventListener('hashchange', () => {
  if (location.hash === view.written) return;
  view.read();
  for (const listener of view.listeners) listener();
});

// Links within the page must leave the view alone.
addEventListener('click', (event) => {
  const link = event.target.closest && event.target.closest('a[href^="#"]');
  const target = link && document.getElementById(link.getAttribute('href').slice(1));
  if (!target) return;
  event.preventDefault();
  target.setAttribute('tabindex', '-1');
  target.focus({preventScroll: true});
  target.scrollIntoView();
});
