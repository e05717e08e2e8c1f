// Tables that sort and filter. A page of rows stands in the document at a time, so that tens of
// thousands stay fluid.

const rowsPerPage = 50;
const comparison = /^([^<>=]+)(<=|>=|<|>|=)([-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?)([kKmMgG]?)$/;
const suffixes = {'': 1, k: 1e3, m: 1e6, g: 1e9};

// What a filter asks for, as a function of a row; `unknown` gets names that are no columns.
function parseFilter(text, table, unknown) {
  const tests = [];
  for (const word of text.split(/\s+/)) {
    const match = comparison.exec(word);
    const column = match && table.columns.find((c) => c.name === match[1] && c.numbers);
    if (match && column) {
      const limit = Number(match[3]) * suffixes[match[4].toLowerCase()];
      const holds = {
        '<': (v) => v < limit, '<=': (v) => v <= limit, '>': (v) => v > limit,
        '>=': (v) => v >= limit, '=': (v) => v === limit,
      }[match[2]];
      tests.push((row) => column.values[row] !== null && holds(column.values[row]));
      continue;
    }
    if (match) unknown.push(match[1]);
    const negative = /^[-!]./.test(word);
    const letters = (negative ? word.slice(1) : word).toLowerCase();
    if (letters === '') continue;
    tests.push((row) => table.text(row).includes(letters) !== negative);
  }
  return (row) => tests.every((test) => test(row));
}

// `place` holds .rows, .pager, .status and the filter. `table` is {run, rows, columns: [{name,
// label, help, values, numbers, better, show(value)}], text(row) in lower case, describe(row)}.
// What it shows is in the view under `prefix` + sort, filter and page. `onChoose(row)` is called
// when the reader chooses a row.
class SortedTable {
  constructor(place, table, prefix, onChoose) {
    this.table = table;
    this.prefix = prefix;
    this.onChoose = onChoose;
    this.body = place.querySelector('.rows tbody');
    this.pager = place.querySelector('.pager');
    this.status = place.querySelector('.status');
    this.input = place.querySelector('input[type=search]');
    this.chosen = null;
    this.page = 0;
    for (const hidden of place.querySelectorAll('.controls')) hidden.hidden = false;
    for (const cut of place.querySelectorAll('.cut')) cut.remove();
    this.heads = [...place.querySelectorAll('.rows thead th')];
    for (const [i, head] of this.heads.entries()) {
      const button = element('button', {type: 'button'}, head.textContent);
      head.replaceChildren(button);
      button.addEventListener('click', () => this.sortBy(i));
    }
    this.input.addEventListener('input', () => {
      this.set('filter', this.input.value);
      this.set('page', '');
      this.page = 0;
      this.update();
    });
    this.body.addEventListener('click', (event) => {
      const row = event.target.closest('tr');
      if (row) this.choose(Number(row.dataset.row), true);
    });
    this.body.addEventListener('keydown', (event) => this.onKey(event));
    view.listeners.push(() => this.read());
    this.read();
  }

  get(name) {
    return view.get(this.table.run, this.prefix + name);
  }
  set(name, value) {
    view.set(this.table.run, this.prefix + name, value);
  }

  // From the address.
  read() {
    const sort = this.get('sort');
    this.descending = sort.startsWith('-');
    const name = this.descending ? sort.slice(1) : sort;
    this.sorted = this.table.columns.findIndex((column) => column.name === name);
    this.input.value = this.get('filter');
    this.page = Math.max(0, (Number(this.get('page')) || 1) - 1);
    this.update();
  }

  sortBy(index) {
    const column = this.table.columns[index];
    // The good ones first, then the other way round.
    const descending = this.sorted === index ? !this.descending :
                                               column.numbers && column.better > 0;
    const sort = (descending ? '-' : '') + column.name;
    this.set('sort', sort);
    this.set('page', '');
    this.read();
  }

  update() {
    const unknown = [];
    const wanted = parseFilter(this.input.value, this.table, unknown);
    this.order = [];
    for (let row = 0; row < this.table.rows; ++row) if (wanted(row)) this.order.push(row);
    if (this.sorted >= 0) {
      const {values, numbers} = this.table.columns[this.sorted];
      const sign = this.descending ? -1 : 1;
      const missing = (value) => value === null || value === '';
      this.order.sort((a, b) => {
        const x = values[a], y = values[b];
        if (missing(x) || missing(y)) return missing(x) - missing(y) || a - b;
        const less = numbers ? x - y : x < y ? -1 : x > y ? 1 : 0;
        return sign * less || a - b;
      });
    }
    for (const [i, head] of this.heads.entries()) {
      if (i === this.sorted) {
        head.setAttribute('aria-sort', this.descending ? 'descending' : 'ascending');
      } else {
        head.removeAttribute('aria-sort');
      }
    }
    const all = this.order.length === this.table.rows;
    this.status.textContent = (all ? `${grouped(this.table.rows)} rows` :
                               `${grouped(this.order.length)} of ${grouped(this.table.rows)} rows`) +
        (unknown.length ? `; there is no column ${unknown.join(', ')}` : '');
    this.show();
  }

  show() {
    const pages = Math.max(1, Math.ceil(this.order.length / rowsPerPage));
    this.page = Math.min(this.page, pages - 1);
    const begin = this.page * rowsPerPage;
    const rows = this.order.slice(begin, begin + rowsPerPage);
    const focusable = rows.includes(this.chosen) ? this.chosen : rows[0];
    this.body.replaceChildren(...rows.map((row) => {
      const made = element('tr', {
        'data-row': row,
        tabindex: row === focusable ? 0 : -1,
        'aria-selected': row === this.chosen ? 'true' : 'false',
      });
      for (const column of this.table.columns) {
        const text = column.show(column.values[row]);
        made.append(element('td', {class: column.numbers ? 'number' : null},
                            column.code ? element('code', {class: 'arch'}, text) : text));
      }
      return made;
    }));
    this.pager.hidden = pages === 1;
    if (pages === 1) return;
    const step = (words, page) => {
      const button = element('button', {type: 'button', disabled: page < 0 || page >= pages ||
                                        page === this.page}, words);
      button.addEventListener('click', () => this.goTo(page));
      return button;
    };
    this.pager.replaceChildren(
        step('First', 0), step('Previous', this.page - 1),
        element('span', {}, `Page ${this.page + 1} of ${grouped(pages)}`),
        step('Next', this.page + 1), step('Last', pages - 1));
  }

  goTo(page) {
    this.page = page;
    this.set('page', page === 0 ? '' : String(page + 1));
    this.show();
  }

  // `tell`: by the reader, here; else from elsewhere, and the page turns to the row.
  choose(row, tell) {
    this.chosen = row;
    const at = this.order.indexOf(row);
    if (!tell && at >= 0) this.page = Math.floor(at / rowsPerPage);
    this.show();
    if (tell) {
      const made = this.body.querySelector(`tr[data-row="${row}"]`);
      if (made) made.focus({preventScroll: false});
      if (this.onChoose) this.onChoose(row);
    }
  }

  onKey(event) {
    const row = event.target.closest('tr');
    if (!row) return;
    const place = this.order.indexOf(Number(row.dataset.row));
    const steps = {
      ArrowDown: place + 1, ArrowUp: place - 1, PageDown: place + rowsPerPage,
      PageUp: place - rowsPerPage, Home: 0, End: this.order.length - 1, Enter: place, ' ': place,
    };
    if (!(event.key in steps) || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    const next = Math.max(0, Math.min(steps[event.key], this.order.length - 1));
    const page = Math.floor(next / rowsPerPage);
    if (page !== this.page) this.goTo(page);
    this.choose(this.order[next], true);
  }

  csv() {
    const quote = (text) => /[",\n\r]/.test(text) ? `"${text.replace(/"/g, '""')}"` : text;
    const lines = [this.table.columns.map((column) => quote(column.name)).join(',')];
    for (const row of this.order) {
      lines.push(this.table.columns.map(({values}) => {
        const value = values[row];
        return value === null ? '' : quote(String(value));
      }).join(','));
    }
    return lines.join('\n') + '\n';
  }
}

function download(name, text) {
  const link = element('a', {download: name, href: URL.createObjectURL(
      new Blob([text], {type: 'text/csv'}))});
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}
