/** Answers in the place of a server's, for requests to the mini-program's backend and to others. */

/**
 * @typedef {object} Mock
 * @property {string} match  `GET coupons/list` for the backend, `GET https://…` for others; without a method any counts
 * @property {number} status
 * @property {any} body
 * @property {number} delayMs
 * @property {boolean} [on]
 *
 * @typedef {{method: string, target: string, status: number, body: string, mocked: boolean}} Answered
 */

const LONGEST_MS = 60_000;

/** @param {string} match @param {string} method @param {string} target */
export function matches(match, method, target) {
  const [, verb, wanted] = /^(?:([A-Z]+)\s+)?(.*)$/s.exec(match.trim()) ?? [];
  if (verb && verb !== method) return false;
  const pattern = wanted.replace(/^\//, '').replace(/[.+?^${}()|[\]\\]/g, '\\$&').replaceAll('*', '.*');
  return wanted !== '' && new RegExp(`^${pattern}$`, 's').test(wanted.includes('?') ? target : target.split('?')[0]);
}

export class Mocks {
  /** @type {Mock[]} */
  list = [];
  /** The last real answers, to make mocks of. @type {Map<string, Answered>} */
  answers = new Map();

  /**
   * @param {string} backendBase  address below which the backend's endpoints are @param {() => void} [changed]
   * @param {typeof fetch} [server]  is asked what no mock answers
   */
  constructor(backendBase, changed = () => {}, server = (input, init) => fetch(input, init)) {
    this.backendBase = backendBase;
    this.changed = changed;
    this.server = server;
  }

  /** @param {Mock[]} list */
  set(list) {
    this.list = list;
    this.changed();
  }

  /** Make a mock of an answer, or of nothing. @param {string} method @param {string} target */
  add(method, target) {
    const known = this.answers.get(`${method} ${target}`);
    this.set([{ match: `${method} ${target}`, status: known?.status || 200, body: parsed(known?.body ?? '{}'), delayMs: 0, on: true }, ...this.list.filter(({ match }) => match !== `${method} ${target}`)]);
  }

  /** The mock that answers, after its delay. @param {string} method @param {string} target @returns {Promise<Mock | null>} */
  async answer(method, target) {
    const mock = this.list.find((each) => each.on !== false && matches(each.match, method, target)) ?? null;
    if (mock && mock.delayMs > 0) await new Promise((resolve) => { setTimeout(resolve, Math.min(mock.delayMs, LONGEST_MS)); });
    return mock;
  }

  /** As `fetch`. @param {RequestInfo | URL} input @param {RequestInit} [init] @returns {Promise<Response>} */
  fetch = async (input, init = {}) => {
    const url = new URL(input instanceof Request ? input.url : String(input), location.href);
    const method = String(init.method ?? 'GET').toUpperCase();
    const target = url.href.startsWith(this.backendBase) ? url.href.slice(this.backendBase.length) : url.href;
    const mock = await this.answer(method, target);
    if (mock) {
      if (mock.status === 0) throw new TypeError('The mock says that there is no connection.');
      return new Response(mock.body === null ? null : typeof mock.body === 'string' ? mock.body : JSON.stringify(mock.body), { status: mock.status, headers: { 'content-type': 'application/json' } });
    }
    const answer = await this.server(input, init);
    void answer.clone().text().then((body) => { this.answers.set(`${method} ${target}`, { method, target, status: answer.status, body, mocked: false }); }, () => {});
    return answer;
  };
}

/** @param {string} text @returns {any} */
function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
