/** Signing in with the program's own backend: `miniProgramAuth` and `{{auth.…}}`. Tokens are never bound. */

/**
 * @typedef {object} AuthOptions
 * @property {string} key  under which the session is kept
 * @property {Storage | null} [storage]
 * @property {(mode: 'signIn' | 'signUp', problem: string | null) => Promise<{email: string, password: string} | null>} ask  null when it was cancelled
 *
 * @typedef {{user: {uid: string, email?: string}, idToken: string, refreshToken: string, expires: number}} Session
 */

const SKEW_MS = 30_000;
const LOADING = new Set(['restoring', 'signingIn', 'signingUp', 'refreshing']);

export class Auth {
  /** @type {Session | null} */
  #session = null;
  /** unknown, restoring, signedOut, signingIn, signingUp, refreshing, signedIn, error */
  #status = 'unknown';
  /** @type {{message?: string, errorCode?: string}} */
  #problem = {};

  /** @param {() => AuthOptions | null} options @param {() => import('./backend.js').Backend} backend @param {() => void} changed */
  constructor(options, backend, changed) {
    this.options = options;
    this.backend = backend;
    this.changed = changed;
  }

  /** What `{{auth.…}}` sees. @returns {Record<string, any>} */
  binding() {
    const status = this.#status;
    return {
      status, authenticated: status === 'signedIn', loading: LOADING.has(status), signedOut: status === 'signedOut', error: status === 'error', ...this.#problem,
      ...(this.#session ? { user: this.#session.user, expiresAtUtc: new Date(this.#session.expires).toISOString() } : {}),
    };
  }

  /** The header of backend calls, refreshed when it is about to end. @returns {Promise<string | null>} */
  async authorization() {
    if (!this.#session) return null;
    if (this.#session.expires - SKEW_MS < Date.now()) await this.#refresh();
    return this.#session ? `Bearer ${this.#session.idToken}` : null;
  }

  /** @param {any} action  miniProgramAuth */
  async run({ action, mode }) {
    if (!this.options()) return this.#failed('mini_program_auth_not_configured', 'This host offers no sign-in.');
    switch (action) {
      case 'showEmailAuth': return this.#signIn(mode === 'signUp' ? 'signUp' : 'signIn');
      case 'signOut': return this.#signOut();
      case 'restore': return this.restore();
      case 'refresh': return this.#refresh();
      default: return this.#failed('unsupported_auth_action', `There is no sign-in action "${action}".`);
    }
  }

  /** Take up a session that is kept on this device. */
  async restore() {
    const { key, storage } = this.options() ?? { key: '', storage: null };
    try {
      this.#session = sessionOf(JSON.parse(storage?.getItem(key) ?? 'null'));
    } catch {
      this.#session = null;
    }
    this.#set(this.#session ? 'signedIn' : 'signedOut');
    return this.#session && this.#session.expires - SKEW_MS < Date.now() ? this.#refresh() : this.#done();
  }

  /** @param {'signIn' | 'signUp'} mode */
  async #signIn(mode) {
    const options = /** @type {AuthOptions} */ (this.options());
    const before = this.#status === 'unknown' ? 'signedOut' : this.#status;
    const given = await options.ask(mode, null);
    if (!given) {
      this.#set(before);
      return { ...this.#done(), success: false, errorCode: 'auth_cancelled' };
    }
    if (!/^\S+@\S+$/.test(given.email) || !given.password) return this.#failed('auth_validation_failed', 'An e-mail address and a password are needed.');
    this.#set(mode === 'signUp' ? 'signingUp' : 'signingIn');
    return this.#take(await this.backend().call({ endpoint: mode === 'signUp' ? 'auth/email/sign-up' : 'auth/email/sign-in', method: 'POST', body: given }), 'auth_failed');
  }

  async #refresh() {
    const refreshToken = this.#session?.refreshToken;
    if (!refreshToken) return this.#failed('auth_refresh_failed', 'Nobody is signed in.');
    this.#set('refreshing');
    this.#session = { .../** @type {Session} */ (this.#session), expires: Infinity }; // no second refresh meanwhile
    return this.#take(await this.backend().call({ endpoint: 'auth/refresh', method: 'POST', body: { refreshToken } }), 'auth_refresh_failed');
  }

  async #signOut() {
    const refreshToken = this.#session?.refreshToken;
    if (refreshToken) await this.backend().call({ endpoint: 'auth/sign-out', method: 'POST', body: { refreshToken } }).catch(() => null);
    this.#session = null;
    this.#keep();
    this.#set('signedOut');
    return this.#done();
  }

  /** @param {any} answer @param {string} code */
  #take(answer, code) {
    if (answer.status !== 'success') {
      if (code === 'auth_refresh_failed') { this.#session = null; this.#keep(); }
      return this.#failed(answer.errorCode ?? code, answer.message ?? 'Signing in failed.', answer.statusCode);
    }
    const session = answer.data?.authenticated === false ? null : sessionOf(answer.data);
    if (!session) return this.#failed('invalid_auth_response', 'The backend\'s answer names no user or no token.');
    this.#session = session;
    this.#keep();
    this.#set('signedIn');
    return this.#done();
  }

  #keep() {
    const { key, storage } = this.options() ?? { key: '', storage: null };
    try {
      if (this.#session) storage?.setItem(key, JSON.stringify({ ...this.#session, expiresAtUtc: new Date(this.#session.expires).toISOString() }));
      else storage?.removeItem(key);
    } catch { /* a browser that keeps nothing: the session lasts as long as the page */ }
  }

  /** @param {string} status @param {{message?: string, errorCode?: string}} [problem] */
  #set(status, problem = {}) {
    this.#status = status;
    this.#problem = problem;
    this.changed();
  }

  /** @param {string} errorCode @param {string} message @param {number} [statusCode] */
  #failed(errorCode, message, statusCode) {
    this.#set('error', { errorCode, message });
    return { ...this.#done(), success: false, errorCode, message, statusCode };
  }

  #done() {
    const auth = this.binding();
    return { success: true, authenticated: auth.authenticated, status: auth.status, auth };
  }

  stop() {
    this.#session = null;
    this.#status = 'unknown';
  }
}

/** @param {any} data @returns {Session | null} */
function sessionOf(data) {
  const { user, idToken, refreshToken, expiresAtUtc, expiresIn } = data ?? {};
  if (typeof user?.uid !== 'string' || typeof idToken !== 'string' || typeof refreshToken !== 'string') return null;
  const expires = expiresAtUtc ? Date.parse(expiresAtUtc) : Date.now() + Number(expiresIn ?? 3600) * 1000;
  if (Number.isNaN(expires)) return null;
  return { user: { uid: user.uid, ...(typeof user.email === 'string' ? { email: user.email } : {}) }, idToken, refreshToken, expires };
}
