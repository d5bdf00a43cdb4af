/** The server's messages. A connection that breaks is made again and catches up with what was missed. */

const RETRY_MS = 1000;
/** A server says at least every 15 s that it is there; a laptop that slept heard nothing for longer. */
const SILENCE_MS = 40_000;
const NAMES = Object.freeze(['hello', 'screen', 'reload', 'error', 'fixed', 'log']);

/** @typedef {'connecting' | 'open' | 'lost'} ChannelState */

export class Channel {
  /** @type {EventSource | null} */
  #source = null;
  #last = '';
  #heard = 0;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;

  /** @param {string} url @param {(name: string, data: any) => void} told @param {(state: ChannelState) => void} state */
  constructor(url, told, state) {
    this.url = url;
    this.told = told;
    this.state = state;
    addEventListener('online', () => this.#connect());
    document.addEventListener('visibilitychange', () => { if (!document.hidden && (this.#source?.readyState !== EventSource.OPEN || performance.now() - this.#heard > SILENCE_MS)) this.#connect(); });
    addEventListener('pagehide', () => this.#source?.close());
    addEventListener('pageshow', ({ persisted }) => { if (persisted) this.#connect(); });
    this.state('connecting');
    this.#connect();
  }

  /** Hear nothing, as a laptop that is closed. */
  sleep() {
    this.#source?.close();
    this.state('lost');
  }

  #connect() {
    clearTimeout(this.#timer);
    this.#source?.close();
    this.#heard = performance.now();
    const source = new EventSource(this.#last ? `${this.url}?${new URLSearchParams({ last: this.#last })}` : this.url);
    this.#source = source;
    source.onopen = () => this.state('open');
    source.onerror = () => {
      if (source !== this.#source) return;
      source.close();
      this.state('lost');
      this.#timer = setTimeout(() => this.#connect(), RETRY_MS);
    };
    for (const name of NAMES) {
      source.addEventListener(name, (event) => {
        if (!(event instanceof MessageEvent) || source !== this.#source) return; // a failed connection is an `error` too
        this.#heard = performance.now();
        this.#last = event.lastEventId || this.#last;
        this.told(name, JSON.parse(event.data));
      });
    }
  }
}
