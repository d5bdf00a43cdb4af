/** A body that is no longer than what is signed of it, or than its kind may be. */

import { refuse } from './metadata.js';

/** Read no more than `most` bytes, whoever sends more. @param {ReadableStream<Uint8Array>} body @param {number} most @param {string} name */
export async function bounded(body, most, name) {
  const reader = body.getReader();
  const bytes = new Uint8Array(most);
  let length = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return bytes.slice(0, length);
    if (length + value.length > most) {
      void reader.cancel();
      refuse(`${name} is longer than the ${most} bytes it may have`);
    }
    bytes.set(value, length);
    length += value.length;
  }
}
