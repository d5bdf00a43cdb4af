/** What a program asks of its host: `hostAction`. The host answers with a result; what it cannot do is a failed one. */

/**
 * @typedef {object} HostResult
 * @property {string} [requestId]
 * @property {string} [action]
 * @property {'success' | 'cancelled' | 'failed'} status
 * @property {string} [message]
 * @property {string} [errorCode]
 * @property {any} data
 *
 * @typedef {object} Host  each may be missing; gives data, or a result
 * @property {(payload: {route: string, args: any, expectResult: boolean}) => any} [openNativeScreen]
 * @property {(payload: {endpoint: string, method: string, body: any}) => any} [callSecureApi]
 * @property {(payload: {name: string, properties: any}) => any} [trackEvent]
 */

const STATUSES = new Set(['success', 'cancelled', 'failed']);

/** @param {any} value @returns {value is Record<string, any>} */
const isMap = (value) => Boolean(value) && typeof value === 'object' && !Array.isArray(value);

/** @param {unknown} value */
const isText = (value) => typeof value === 'string' && value.trim() !== '';

/** Payloads with their defaults; null for one that is wrong. @type {Record<string, (payload: any) => any>} */
const PAYLOADS = {
  openNativeScreen: ({ route, args = {}, expectResult = false }) => (isText(route) && isMap(args) && typeof expectResult === 'boolean' ? { route, args, expectResult } : null),
  callSecureApi: ({ endpoint, method = 'POST', body = {} }) => (isText(endpoint) && typeof method === 'string' && isMap(body) ? { endpoint, method, body } : null),
  trackEvent: ({ name, properties = {} }) => (isText(name) && isMap(properties) ? { name, properties } : null),
};

/** @param {Host | undefined} host @param {any} action  hostAction @returns {Promise<HostResult>} */
export async function hostAction(host, { action, requestId, payload }) {
  const own = { ...(requestId === undefined ? {} : { requestId: String(requestId) }), action: String(action) };
  const failed = (/** @type {string | undefined} */ errorCode, /** @type {string} */ message) =>
    ({ ...own, status: /** @type {const} */ ('failed'), message, ...(errorCode ? { errorCode } : {}), data: {} });
  if (!Object.hasOwn(PAYLOADS, action)) return failed('unknown_action', `There is no host action "${action}".`);
  const read = PAYLOADS[action](isMap(payload) ? payload : {});
  if (!read) return failed('invalid_result_payload', `The payload of "${action}" is not what it has to be.`);
  const call = /** @type {any} */ (host)?.[action];
  if (!call) {
    return action === 'callSecureApi'
      ? { ...failed('secure_api_not_allowlisted', 'This host has no secure API.'), data: { endpoint: read.endpoint, method: read.method } }
      : failed(undefined, `This host does not do "${action}".`);
  }
  try {
    const answer = await call.call(host, read);
    if (isMap(answer) && STATUSES.has(answer.status)) return { ...own, data: {}, ...answer, status: answer.status };
    if (action === 'openNativeScreen' && read.expectResult && answer == null) return { ...own, status: 'cancelled', data: {} };
    return { ...own, status: 'success', data: isMap(answer) ? answer : action === 'trackEvent' ? read.properties : action === 'openNativeScreen' ? { route: read.route } : {} };
  } catch (error) {
    return failed(undefined, error instanceof Error ? error.message : String(error));
  }
}
