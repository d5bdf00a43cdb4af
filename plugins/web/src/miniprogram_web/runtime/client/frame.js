/**
 * A program that one does not trust, in a frame of its own: no origin, no storage, and a policy that lets it talk to the servers
 * it was approved for only. The page outside loads manifest and screens, holds keys and tokens, and answers over one port.
 */

/** @typedef {{call: string, id: number, args: any[]} | {event: string, detail: any}} FromFrame */

const HOST = /^(https?:\/\/)?([a-z0-9-]+\.)*[a-z0-9-]+(:\d{1,5})?$/i;

/** Sources for a policy; whatever is not a plain origin is left out. @param {string[]} domains */
export const sources = (domains) => domains.map((each) => each.trim()).filter((each) => HOST.test(each)).map((each) => (each.includes('://') ? each : `https://${each}`));

/**
 * The policy of a frame.
 * @param {{serverDomains: string[], webviewDomains: string[], nonce: string, script: string, images?: string[]}} allowed
 */
export function policy({ serverDomains, webviewDomains, nonce, script, images = [] }) {
  const list = (/** @type {string[]} */ domains) => sources(domains).join(' ') || "'none'";
  return [
    "default-src 'none'", `script-src 'nonce-${nonce}'${script ? ` ${new URL(script).origin}` : ''}`, "style-src 'unsafe-inline'",
    `img-src data: ${images.length ? sources(images).join(' ') : 'https: http:'}`, 'font-src data: blob:', `connect-src ${list(serverDomains)}`, `frame-src ${list(webviewDomains)}`,
    "base-uri 'none'", "form-action 'none'",
  ].join('; ');
}

/** @param {string} text */
const attribute = (text) => text.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;');

/**
 * The document of a frame. `source` is the runtime's text where it is one file; else it is imported from `script`.
 * @param {{policy: string, nonce: string, script: string, source: string | null}} parts
 */
export function frameDocument({ policy: rules, nonce, script, source }) {
  const code = source === null ? `import { startInFrame } from ${JSON.stringify(new URL('client/in_frame.js', script).href)}; startInFrame();` : `${source.replaceAll('</script', '<\\/script')}\n$client_in_frame.startInFrame();`;
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="${attribute(rules)}"><title>mini-program</title>`
    + `<style>html,body{margin:0;height:100%}#root{position:absolute;inset:0}</style></head><body><main id="root"></main><script type="module" nonce="${attribute(nonce)}">${code}</script></body></html>`;
}

/**
 * The page's side: answers calls by name, passes events on.
 * @param {MessagePort} port @param {Record<string, (...args: any[]) => any>} calls @param {(name: string, detail: any) => void} told
 */
export function answer(port, calls, told) {
  port.onmessage = async ({ data }) => {
    if (data?.event) return void told(String(data.event), data.detail);
    const { call, id, args } = data ?? {};
    try {
      if (!Object.hasOwn(calls, call) || !Array.isArray(args)) throw new Error(`The frame may not ask for "${String(call)}".`);
      port.postMessage({ id, result: (await calls[call](...args)) ?? null });
    } catch (error) {
      const { code, message, details } = /** @type {any} */ (error);
      port.postMessage({ id, error: { code, message: String(message), details } });
    }
    return undefined;
  };
}

/** The frame's side: a function for each call. @param {MessagePort} port @returns {{ask: (call: string, ...args: any[]) => Promise<any>, tell: (event: string, detail: any) => void, on: (listener: (message: any) => void) => void}} */
export function asking(port) {
  /** @type {Map<number, {resolve: (value: any) => void, reject: (error: any) => void}>} */
  const open = new Map();
  /** @type {(message: any) => void} */
  let listener = () => {};
  let last = 0;
  port.onmessage = ({ data }) => {
    const waiting = open.get(data?.id);
    if (!waiting) return listener(data);
    open.delete(data.id);
    if (data.error) waiting.reject(Object.assign(new Error(data.error.message), data.error));
    else waiting.resolve(data.result);
    return undefined;
  };
  return {
    ask: (call, ...args) => new Promise((resolve, reject) => {
      last += 1;
      open.set(last, { resolve, reject });
      port.postMessage({ call, id: last, args });
    }),
    tell: (event, detail) => port.postMessage({ event, detail }),
    on: (next) => { listener = next; },
  };
}
