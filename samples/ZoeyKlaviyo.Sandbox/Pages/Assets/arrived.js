const pollMilliseconds = 2000;
const shown = 200;
const arrived = document.getElementById('arrived');
const table = arrived.querySelector('table');
const rows = document.getElementById('rows');
const news = document.getElementById('news');

function show(id, html) {
  const element = document.getElementById(id);
  const template = document.createElement('template');
  template.innerHTML = html;
  if (element.innerHTML !== template.innerHTML) {
    element.replaceChildren(template.content);
  }
}

function addRows(html) {
  const template = document.createElement('template');
  template.innerHTML = html;
  for (const row of template.content.querySelectorAll('tr')) {
    row.classList.add('new');
  }
  const before = arrived.offsetHeight;
  rows.prepend(template.content);
  table.hidden = false;
  // Whoever reads further down keeps the same row in view.
  if (window.scrollY > arrived.offsetTop && getComputedStyle(document.body).overflowAnchor !== 'auto') {
    window.scrollBy(0, arrived.offsetHeight - before);
  }
  while (rows.rows.length > shown) {
    rows.lastElementChild.remove();
  }
}

function apply(answer) {
  show('faults', answer.faults);
  show('summary', answer.summary);
  if (answer.added > 0) {
    addRows(answer.rows);
    news.textContent = answer.added === 1 ? '1 new event arrived.' : `${answer.added} new events arrived.`;
  }
  arrived.dataset.last = answer.last;
  // The sandbox was reset or restarted in between: what is shown is gone.
  if (rows.rows.length !== Math.min(answer.total, shown)) {
    location.reload();
  }
}

async function poll() {
  if (!document.hidden) {
    try {
      const response = await fetch(`/klaviyo/news?after=${arrived.dataset.last}`);
      apply(await response.json());
    } catch {
      news.textContent = 'The sandbox does not answer; this page is not up to date.';
    }
  }
  setTimeout(poll, pollMilliseconds);
}

setTimeout(poll, pollMilliseconds);
