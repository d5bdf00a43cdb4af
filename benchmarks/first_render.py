"""How long a new screen takes in the browser: about 500 nodes, beside lit-html with as many elements.

Both draw into a page of Chromium whose fonts are there, both show texts that were never shown before, and the time ends
when the browser has laid out what they made. lit-html only makes elements, and the browser's flexbox arranges
them; the runtime measures texts, computes Flutter's layout and makes the same number of elements.
"""

from __future__ import annotations

import json
import statistics
import sys
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, Route

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from conformance.viewer import ORIGIN, PAGE, PHONE
from miniprogram_web.node import RUNTIME
from testbed.browser import open_browser

CARDS = 50
RUNS = 40
LIT = Path(__file__).parents[1] / ".testbed" / "lit-html" / "package"

OURS = """async ([make, runs]) => {
    const screen = eval(make);
    const root = document.getElementById('root');
    const times = [];
    for (let run = 0; run < runs; run += 1) {
        const made = screen(`ours ${run}`);
        view.show({ type: 'text', data: '' });
        await drawn();
        const start = performance.now();
        view.show(made);
        await null; // drawing is a microtask
        root.lastElementChild.getBoundingClientRect();
        times.push(performance.now() - start);
        await drawn();
    }
    return [times, root.querySelectorAll('*').length];
}"""

SCREEN = """(salt) => ({
    type: 'scaffold', body: { type: 'singleChildScrollView', child: { type: 'column', children:
        Array.from({ length: %d }, (_, at) => ({ type: 'card', child: { type: 'padding', padding: 12, child: {
            type: 'row', spacing: 12, children: [
                { type: 'icon', icon: 'star' },
                { type: 'expanded', child: { type: 'column', crossAxisAlignment: 'start', children: [
                    { type: 'text', data: `${salt} title ${at}`, style: 'titleMedium' },
                    { type: 'text', data: `Something longer about ${salt} number ${at}, in two lines`, style: 'bodySmall' },
                ] } },
                { type: 'filledButton', child: { type: 'text', data: `Take ${at}` }, onPressed: { actionType: 'none' } },
            ],
        } } })),
    } },
})""" % CARDS

LITS = """async ([runs, wanted]) => {
    const { html, render } = await import('/lit/lit-html.js');
    const card = (salt, at, more) => html`<div class="card"><div class="padding"><div class="row"><span class="icon">star</span>
        <div class="column"><p class="title">${`${salt} title ${at}`}</p>
        <p class="body">${`Something longer about ${salt} number ${at}, in two lines`}</p></div>
        <button class="button" @click=${() => {}}><span>${`Take ${at}`}</span></button>${more}</div></div></div>`;
    const each = Math.floor(wanted / %d) - 9;
    const extra = Array.from({ length: Math.max(0, each) }, () => html`<i></i>`);
    const style = document.createElement('style');
    style.textContent = `.list{display:flex;flex-direction:column;height:800px;overflow:auto;font:14px/20px Roboto}
        .card{margin:4px;border-radius:12px;box-shadow:0 1px 3px #0004}.padding{padding:12px}.row{display:flex;gap:12px;align-items:center}
        .column{flex:1}.column p{margin:0}.title{font:500 16px/24px Roboto}.body{font:12px/16px Roboto}
        .button{height:40px;border:0;border-radius:20px;padding:0 24px;font:500 14px/20px Roboto}`;
    document.head.append(style);
    const root = document.getElementById('root');
    const times = [];
    let list;
    for (let run = 0; run < runs; run += 1) {
        root.replaceChildren();
        await drawn();
        const start = performance.now();
        list = document.createElement('div');
        list.className = 'list';
        root.append(list);
        render(Array.from({ length: %d }, (_, at) => card(`lit ${run}`, at, extra)), list);
        await null;
        list.lastElementChild.getBoundingClientRect();
        times.push(performance.now() - start);
        await drawn();
    }
    return [times, root.querySelectorAll('*').length];
}""" % (CARDS, CARDS)


def serve(route: Route) -> None:
    path = route.request.url.removeprefix(f"{ORIGIN}/")
    file = PAGE if not path else LIT / path[4:] if path.startswith("lit/") else RUNTIME.parent / path
    if file.is_file():
        route.fulfill(path=file)
    else:
        route.fulfill(status=404)


def measured(page: Page, script: str, arguments: list[Any]) -> tuple[list[float], int]:
    page.goto(f"{ORIGIN}/")
    page.wait_for_function("window.ready")
    times, elements = page.evaluate(script, arguments)
    return times, elements


def nodes_in(value: Any) -> int:
    if isinstance(value, list):
        return sum(map(nodes_in, value))
    if isinstance(value, dict):
        return ("type" in value) + sum(map(nodes_in, value.values()))
    return 0


def main() -> None:
    if not (LIT / "lit-html.js").is_file():
        print("lit-html is not there: make .testbed/lit-html/.ready")
        return
    with open_browser() as browser:
        page = browser.new_page(viewport={"width": PHONE["width"], "height": PHONE["height"]})
        page.route("**/*", serve)
        page.goto(f"{ORIGIN}/")
        nodes = nodes_in(json.loads(page.evaluate(f"JSON.stringify(({SCREEN})('x'))")))
        ours, elements = measured(page, OURS, [SCREEN, RUNS])
        lit, theirs = measured(page, LITS, [RUNS, elements])
    for name, times, count in (("runtime", ours, elements), ("lit-html", lit, theirs)):
        warm = times[RUNS // 2 :]
        print(f"{name}: first {times[0]:.1f} ms, then {statistics.median(warm):.2f} ms, {count} elements")
    print(f"{nodes} nodes; runtime / lit-html: first {ours[0] / lit[0]:.2f}, then {ratio(ours, lit):.2f}")


def ratio(ours: list[float], lit: list[float]) -> float:
    return statistics.median(ours[RUNS // 2 :]) / statistics.median(lit[RUNS // 2 :])


if __name__ == "__main__":
    main()
