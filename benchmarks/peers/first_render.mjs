/** Draws a new screen again and again: once with the runtime, once with lit-html. Runs in tests/conformance/view_page.html. */

const CARDS = 50;
const PARTS = 12; // elements of a card here, so that there are as many as the runtime makes

/** @param {string} salt  in every text, so that none was shown before */
export const screen = (salt) => ({
  type: 'scaffold',
  body: { type: 'singleChildScrollView', child: { type: 'column', children: Array.from({ length: CARDS }, (_, at) => card(salt, at)) } },
});

const card = (salt, at) => ({
  type: 'card', child: {
    type: 'padding', padding: 12, child: {
      type: 'row', spacing: 12, children: [
        { type: 'icon', icon: 'star' },
        { type: 'expanded', child: { type: 'column', crossAxisAlignment: 'start', children: [{ type: 'text', data: title(salt, at), style: 'titleMedium' }, { type: 'text', data: body(salt, at), style: 'bodySmall' }] } },
        { type: 'filledButton', child: { type: 'text', data: `Take ${at}` }, onPressed: { actionType: 'none' } },
      ],
    },
  },
});

const title = (salt, at) => `${salt} title ${at}`;
const body = (salt, at) => `Something longer about ${salt} number ${at}, in two lines`;

/** @param {number} runs @param {() => void} clear @param {(run: number) => void} draw @param {() => Element} last */
async function timed(runs, clear, draw, last) {
  const times = [];
  for (let run = 0; run < runs; run += 1) {
    clear();
    await window.drawn();
    const start = performance.now();
    draw(run);
    await null; // the runtime draws in a microtask
    last().getBoundingClientRect(); // the browser has laid out
    times.push(performance.now() - start);
    await window.drawn();
  }
  return [times, document.querySelectorAll('#root *').length];
}

/** @param {number} runs @returns milliseconds of each run, and the number of elements */
export function runtime(runs) {
  const root = document.getElementById('root');
  const clear = () => window.view.show({ type: 'text', data: '' });
  return timed(runs, clear, (run) => window.view.show(screen(`ours ${run}`)), () => root.lastElementChild);
}

/** The same with lit-html and flexbox. @param {number} runs */
export async function lit(runs) {
  const { html, render } = await import('/lit/lit-html.js');
  const root = document.getElementById('root');
  const style = document.createElement('style');
  style.textContent = `
    .list { display: flex; flex-direction: column; height: 800px; overflow: auto; font: 14px/20px Roboto; }
    .card { margin: 4px; border-radius: 12px; box-shadow: 0 1px 3px #0004; }
    .padding { padding: 12px; } .row { display: flex; gap: 12px; align-items: center; }
    .column { flex: 1; } .column p { margin: 0; } .title { font: 500 16px/24px Roboto; } .body { font: 12px/16px Roboto; }
    .button { height: 40px; border: 0; border-radius: 20px; padding: 0 24px; font: 500 14px/20px Roboto; }`;
  document.head.append(style);
  const more = Array.from({ length: PARTS - 9 }, () => html`<i></i>`);
  const made = (salt, at) => html`<div class="card"><div class="padding"><div class="row"><span class="icon">star</span>
    <div class="column"><p class="title">${title(salt, at)}</p><p class="body">${body(salt, at)}</p></div>
    <button class="button" @click=${() => {}}><span>${`Take ${at}`}</span></button>${more}</div></div></div>`;
  const draw = (run) => {
    const list = document.createElement('div');
    list.className = 'list';
    root.append(list);
    render(Array.from({ length: CARDS }, (_, at) => made(`lit ${run}`, at)), list);
  };
  return timed(runs, () => root.replaceChildren(), draw, () => root.firstElementChild.lastElementChild);
}
