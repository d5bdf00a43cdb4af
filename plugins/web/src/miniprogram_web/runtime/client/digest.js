/** Digests by WebCrypto, which pages have that come over https or from this machine. */

/** @param {Uint8Array<ArrayBuffer>} bytes @returns {Promise<string>} sha256 in hex */
export async function sha256(bytes) {
  return [...new Uint8Array(await crypto.subtle.digest('SHA-256', bytes))].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}
