/** The publisher's own backend over HTTP (authoring contract, section 5.9). */

/** @typedef {import('../bindings/backend.js').Connector} Connector @typedef {import('../bindings/backend.js').BackendAnswer} BackendAnswer */

const TIMEOUT_MS = 8000;
const MOST_CHARS = 5_000_000;
const METHODS = new Set(['GET', 'POST', 'PUT', 'PATCH', 'DELETE']);

/** A body as a map: lists and plain values are wrapped. @param {string} text @returns {any} */
export function readBody(text) {
  if (!text.trim()) return {};
  try {
    const value = JSON.parse(text);
    if (Array.isArray(value)) return { items: value };
    return value && typeof value === 'object' ? value : { value };
  } catch {
    return { rawBody: text };
  }
}

/**
 * @param {object} options
 * @param {string} options.baseUrl
 * @param {string} options.appId
 * @param {import('./client.js').DeliveryContext} options.context
 * @param {Record<string, string>} [options.headers]
 * @param {string} [options.accessKey]  only where the backend is to have it
 * @param {typeof fetch} [options.fetch]
 * @param {() => Promise<string | null>} [options.authorization]
 * @returns {Connector}
 */
export function httpBackend({ baseUrl, appId, context, headers = {}, accessKey, fetch: send = globalThis.fetch, authorization }) {
  const base = new URL(baseUrl.endsWith('/') ? baseUrl : `${baseUrl}/`, globalThis.location?.href);
  const failed = (/** @type {string} */ errorCode, /** @type {string} */ message) => ({ status: /** @type {const} */ ('failed'), errorCode, message, data: {} });
  const own = (/** @type {string} */ name, /** @type {string | undefined} */ value) => (value?.trim() ? { [`x-mini-program-${name}`]: value } : {});
  return {
    authorization,
    async send({ endpoint, method, body, authorization: bearer }) {
      const url = new URL(endpoint, base);
      if (url.origin !== base.origin || !url.pathname.startsWith(base.pathname)) return failed('invalid_backend_endpoint', 'An endpoint is a path of the program\'s own backend.');
      if (!METHODS.has(method)) return failed('invalid_backend_endpoint', `There is no method "${method}".`);
      const hasBody = method !== 'GET' && body !== undefined;
      try {
        const answer = await send(url.href, {
          method, body: hasBody ? JSON.stringify(body) : undefined, credentials: 'omit', referrerPolicy: 'no-referrer', signal: AbortSignal.timeout(TIMEOUT_MS),
          headers: {
            accept: 'application/json', ...(hasBody ? { 'content-type': 'application/json' } : {}), ...own('app-id', appId), ...own('host-app', context.hostApp), ...own('host-version', context.hostVersion),
            ...own('sdk-version', context.sdkVersion), ...own('platform', context.more?.platform), ...own('locale', context.more?.locale), ...headers, ...own('access-key', accessKey), ...(bearer ? { authorization: bearer } : {}),
          },
        });
        const text = await answer.text();
        if (text.length > MOST_CHARS) return failed('publisher_backend_error', 'The answer is larger than 5 MB.');
        const data = readBody(text);
        if (answer.ok) return { status: 'success', statusCode: answer.status, data };
        const code = data.errorCode ?? data.error?.code;
        const message = data.message ?? data.error?.message;
        return { ...failed(typeof code === 'string' ? code : 'publisher_backend_error', typeof message === 'string' ? message : `The backend answered with status ${answer.status}.`), statusCode: answer.status, data };
      } catch (error) {
        const late = /** @type {any} */ (error)?.name === 'TimeoutError';
        return failed(late ? 'publisher_backend_timeout' : 'publisher_backend_unreachable', late ? 'The backend did not answer in time.' : 'The backend cannot be reached.');
      }
    },
  };
}
