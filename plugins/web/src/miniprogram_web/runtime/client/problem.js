/** What went wrong while a program was loaded: a code that hosts know, a sentence, and details. */

export class Problem extends Error {
  /** @param {string} code @param {string} message @param {Record<string, any>} [details] */
  constructor(code, message, details = {}) {
    super(message);
    this.code = code;
    this.details = details;
  }

  /** Whether a stored copy may stand in. */
  get isOffline() {
    return this.code === 'backend_unreachable' || this.code === 'backend_timeout';
  }
}
