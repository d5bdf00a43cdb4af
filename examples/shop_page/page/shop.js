// The page's own part: a basket, and what its mini-programs may do with it.

import { MiniPrograms, openMiniProgram } from './mini_program/launcher.js';
import { onCoupon, onReservation } from './shop_host.js';

const basket = { bags: 0, sum: 0, percent: 0 };

function show() {
  const total = basket.sum * (1 - basket.percent / 100);
  document.getElementById('basket-count').textContent = `${basket.bags} ${basket.bags === 1 ? 'bag' : 'bags'}`;
  document.getElementById('basket-total').textContent = `${total.toFixed(2)} €${basket.percent ? ` (−${basket.percent} %)` : ''}`;
}

for (const button of document.querySelectorAll('[data-price]')) {
  button.addEventListener('click', () => {
    basket.bags += 1;
    basket.sum += Number(button.dataset.price);
    show();
  });
}

onCoupon((percent) => {
  basket.percent = percent;
  show();
});
onReservation((text) => {
  document.getElementById('delivery-choice').textContent = text;
});
document.getElementById('open-coupons').addEventListener('click', () => openMiniProgram(MiniPrograms.coupons.appId));
