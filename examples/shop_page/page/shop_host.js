// What mini-programs may ask of this shop. `embed init` writes mini_program/host.js once; the example puts this in its place.

/** @type {(percent: number) => void} */
let couponUsed = () => {};
/** @type {(text: string) => void} */
let reserved = () => {};

export const onCoupon = (listener) => { couponUsed = listener; };
export const onReservation = (listener) => { reserved = listener; };

export const host = {
  trackEvent({ properties }) {
    return properties;
  },

  openNativeScreen({ route, args }) {
    if (route !== 'basket') throw new Error(`This shop has no place called "${route}".`);
    couponUsed(Number(args.percent) || 0);
    return { route };
  },

  callSecureApi({ endpoint, body }) {
    if (endpoint !== 'delivery/reserve') throw new Error('This shop does not offer that.');
    reserved(`${body.day}, ${body.hours}`);
    return { reserved: true };
  },
};

export const moreCapabilities = [];

export const theme = {
  colorScheme: {
    primary: '#8A3B12', onPrimary: '#FFFFFF', primaryContainer: '#F7DCCB', onPrimaryContainer: '#6A2C0D',
    secondaryContainer: '#F3E4D6', onSecondaryContainer: '#4A2717',
    surface: '#FFFDFA', onSurface: '#2B1B14', onSurfaceVariant: '#6D574A', surfaceTint: '#8A3B12',
    surfaceContainerLow: '#FBF3EA', surfaceContainer: '#F7ECE0', surfaceContainerHigh: '#F2E5D7', surfaceContainerHighest: '#EBDCCB',
    outline: '#9A8272', outlineVariant: '#E0D0BF', inverseSurface: '#3A2A22', onInverseSurface: '#FBF6EF', inversePrimary: '#F0A77D',
  },
};
