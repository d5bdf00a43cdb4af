/**
 * How far two pictures differ: the mean color of each block of pixels, compared. Runs in a page, which decodes the pictures.
 * Letters and edges are drawn a little differently by every engine; in the mean of a block that hardly shows.
 */

const BLOCK = 4;

/** @param {string} address  a picture, as a data URL */
async function pixelsOf(address) {
  const image = await createImageBitmap(await (await fetch(address)).blob());
  const canvas = new OffscreenCanvas(image.width, image.height);
  const context = /** @type {OffscreenCanvasRenderingContext2D} */ (canvas.getContext('2d'));
  context.drawImage(image, 0, 0);
  return context.getImageData(0, 0, image.width, image.height);
}

/** @param {ImageData} image @param {number} left @param {number} top @returns {number[]} mean red, green and blue */
function meanOf({ data, width, height }, left, top) {
  const sums = [0, 0, 0];
  let count = 0;
  for (let y = top; y < Math.min(top + BLOCK, height); y += 1) {
    for (let x = left; x < Math.min(left + BLOCK, width); x += 1) {
      for (let channel = 0; channel < 3; channel += 1) sums[channel] += data[(y * width + x) * 4 + channel];
      count += 1;
    }
  }
  return sums.map((sum) => sum / count);
}

/**
 * @param {string} one @param {string} other  pictures of the same size, as data URLs @param {number} tolerance  of a channel, 0 to 255
 * @returns {Promise<{part: number, farthest: number}>} part of the blocks that are further apart, and by how much the worst one is
 */
export async function difference(one, other, tolerance) {
  const [a, b] = [await pixelsOf(one), await pixelsOf(other)];
  if (a.width !== b.width || a.height !== b.height) return { part: 1, farthest: 255 };
  let [far, blocks, farthest] = [0, 0, 0];
  for (let top = 0; top < a.height; top += BLOCK) {
    for (let left = 0; left < a.width; left += BLOCK) {
      const mine = meanOf(a, left, top);
      const apart = Math.max(...meanOf(b, left, top).map((value, channel) => Math.abs(value - mine[channel])));
      blocks += 1;
      if (apart > tolerance) far += 1;
      farthest = Math.max(farthest, apart);
    }
  }
  return { part: far / blocks, farthest };
}
