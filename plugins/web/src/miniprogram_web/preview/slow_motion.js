/** Animations that take longer, as Flutter's timeDilation makes them. */

/** @param {ShadowRoot} root @param {() => number} dilation */
export function slowMotion(root, dilation) {
  const apply = () => {
    for (const animation of /** @type {Animation[]} */ (/** @type {any} */ (root).getAnimations?.() ?? document.getAnimations())) animation.playbackRate = 1 / dilation();
  };
  for (const name of ['animationstart', 'transitionrun']) root.addEventListener(name, apply, true);
  return apply;
}
