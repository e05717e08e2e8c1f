// The page as a whole: its runs, their curves over each other, and how it loads itself again.

const runs = [...document.querySelectorAll('article.run')].map((article) => new Run(article));

for (const figure of document.querySelectorAll('[data-plot=overlay]')) {
  const name = figure.dataset.name;
  const shared = [];
  for (const run of runs) {
    for (const curve of run.data.curves) {
      if (curve.name === name) shared.push([run.data.title, curve, run.number - 1]);
    }
  }
  const seconds = shared.every(([, curve]) => curve.seconds);
  plot(figure, () => ({
    type: 'line',
    data: {datasets: shared.map(([title, curve, number]) =>
        Object.assign(steps(title, seconds ? curve.x : curve.count, curve.best, number),
                      {pointHitRadius: 6}))},
    options: {
      scales: {x: axis(seconds ? 'core seconds' : 'evaluations'), y: axis(name)},
      interaction: {mode: 'nearest', intersect: false},
      plugins: {legend: {position: 'bottom', labels: {color: colour('ink'), boxHeight: 0}}},
    },
  }), () => `Best ${name} so far of ${shared.length} runs: ` + shared.map(([title, curve]) =>
      `${title} ${curve.best[curve.best.length - 1]}`).join(', '));
}

// Paper shows what is folded away on the screen.
addEventListener('beforeprint', () => {
  for (const one of document.querySelectorAll('details:not([open])')) {
    one.open = true;
    one.dataset.printed = '';
  }
});
addEventListener('afterprint', () => {
  for (const one of document.querySelectorAll('details[data-printed]')) {
    one.open = false;
    delete one.dataset.printed;
  }
});

// A page of a run that goes on: loaded anew every few seconds, but not while the reader types, and
// he finds it as he left it.
const reload = document.querySelector('meta[name=mote-reload]');
if (reload) {
  const key = 'mote ' + location.pathname;
  const details = [...document.querySelectorAll('details')];
  try {
    const left = JSON.parse(sessionStorage.getItem(key) || '{}');
    for (const index of left.open || []) if (details[index]) details[index].open = true;
    if (left.y) scrollTo(0, left.y);
  } catch (error) {
    // A browser that keeps nothing.
  }
  const again = () => {
    const busy = document.activeElement && document.activeElement.matches('input, select');
    if (busy || document.hidden) {
      setTimeout(again, 1000);
      return;
    }
    try {
      sessionStorage.setItem(key, JSON.stringify({
        y: scrollY,
        open: details.flatMap((one, index) => one.open ? [index] : []),
      }));
    } catch (error) {
      // As above.
    }
    location.reload();
  };
  setTimeout(again, 1000 * Number(reload.content));
}
