/** networkRequest: sent by fetch, values of a form put into its body, the answer read as JSON where it is JSON. */

import { formValue } from '../widgets/forms.js';
import { webUrl } from '../view/pictures.js';

/** @typedef {{ok: boolean, status: number, data: any}} Answer */

const METHODS = new Set(['get', 'post', 'put', 'delete', 'patch', 'head']);
const TIMEOUT_MS = 30_000;
/** Larger answers are not read. */
const MOST_BYTES = 10_000_000;

/** Values of a form in the place of getFormValue; one level deep, as in Stac. @param {any} body @param {import('../widgets/forms.js').Form | null} form */
export function resolveBody(body, form) {
  const one = (/** @type {any} */ value) => (value && typeof value === 'object' && value.actionType === 'getFormValue' ? formValue(form, value.id) : value);
  if (!body || typeof body !== 'object' || Array.isArray(body)) return body;
  return one(body) !== body ? one(body) : Object.fromEntries(Object.entries(body).map(([key, value]) => [key, one(value)]));
}

/** @param {any} map @returns {[string, string][]} */
const pairs = (map) => Object.entries(map && typeof map === 'object' ? map : {}).map(([name, value]) => [name, String(value)]);

/** @param {import('../view/view.js').View} view @param {any} value  a networkRequest @param {import('../widgets/forms.js').Form | null} form @returns {Promise<Answer>} */
export async function request(view, value, form) {
  const address = webUrl(value?.url);
  const method = String(value?.method ?? 'get').toLowerCase();
  const told = (/** @type {object} */ detail) => view.event('request', { kind: 'networkRequest', url: String(value?.url ?? ''), method, ...detail });
  if (!address || !METHODS.has(method) || !(view.options.mayFetch?.(address) ?? true)) {
    told({ status: 0, error: 'this address may not be asked' });
    throw new Error(`"${String(value?.url ?? '').slice(0, 200)}" may not be asked: an absolute http or https address is needed that the program may use.`);
  }
  const url = new URL(address);
  for (const [name, own] of pairs(value.queryParameters)) url.searchParams.append(name, own);
  const body = resolveBody(value.body, form);
  const sends = body !== undefined && body !== null && method !== 'get' && method !== 'head';
  const type = String(value.contentType ?? 'application/json');
  const started = performance.now();
  try {
    const answer = await (view.options.fetch ?? fetch)(url.href, {
      method: method.toUpperCase(), headers: new Headers([...(sends ? [/** @type {[string, string]} */ (['content-type', type])] : []), ...pairs(value.headers)]),
      ...(sends ? { body: encoded(body, type) } : {}), credentials: 'omit', referrerPolicy: 'no-referrer', signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    const text = await readText(answer);
    told({ status: answer.status, milliseconds: Math.round(performance.now() - started) });
    return { ok: answer.ok, status: answer.status, data: parsed(text) };
  } catch (error) {
    told({ status: 0, error: error instanceof Error ? error.message : String(error) });
    throw error;
  }
}

/** @param {any} body @param {string} type */
function encoded(body, type) {
  if (type.includes('x-www-form-urlencoded')) return new URLSearchParams(pairs(body)).toString();
  return typeof body === 'string' ? body : JSON.stringify(body);
}

/** @param {Response} answer */
export async function readText(answer) {
  if (Number(answer.headers.get('content-length') ?? 0) > MOST_BYTES) throw new Error('The answer is larger than 10 MB.');
  const text = await answer.text();
  if (text.length > MOST_BYTES) throw new Error('The answer is larger than 10 MB.');
  return text;
}

/** @param {string} text @returns {any} */
export function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
