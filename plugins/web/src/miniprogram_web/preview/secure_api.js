/** The host's secure API in a preview: there is no host, so mocks answer for it, as `POST secure_api:ENDPOINT`. */

/** What hosts call a refusal, by the status of its mock. @type {Readonly<Record<number, string>>} */
const CODES = Object.freeze({ 0: 'secure_api_session_missing', 400: 'secure_api_invalid_payload', 401: 'secure_api_unauthorized', 403: 'secure_api_forbidden', 422: 'secure_api_validation_failed' });

/** @param {any} value @returns {value is Record<string, any>} */
const isMap = (value) => Boolean(value) && typeof value === 'object' && !Array.isArray(value);

/**
 * The result of a `callSecureApi`.
 * @param {Pick<import('./mocks.js').Mocks, 'answer'>} mocks @param {{endpoint: string, method: string, body: any}} call
 * @returns {Promise<Partial<import('../runtime/actions/host.js').HostResult>>}
 */
export async function secureAnswer(mocks, { endpoint, method }) {
  const asked = `${method.toUpperCase()} secure_api:${endpoint.replace(/^\//, '')}`;
  const mock = await mocks.answer(method.toUpperCase(), `secure_api:${endpoint.replace(/^\//, '')}`);
  if (!mock) return { status: 'failed', errorCode: 'secure_api_not_allowlisted', message: `A preview has no secure API. A mock with match = "${asked}" in preview.toml answers for it.`, data: { endpoint, method } };
  const data = isMap(mock.body) ? mock.body : { value: mock.body };
  if (mock.status >= 200 && mock.status < 300) return { status: 'success', data };
  return { status: 'failed', errorCode: CODES[mock.status] ?? 'secure_api_forbidden', message: typeof data.message === 'string' ? data.message : `The mock answers with status ${mock.status}.`, data };
}
