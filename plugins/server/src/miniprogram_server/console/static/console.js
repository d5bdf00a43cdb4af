// What pages do beyond HTML: sliders show their number, rows of the audience builder can go, ids can be copied.
"use strict";

function showAmount(input) {
  const output = document.getElementById(input.dataset.output);
  if (output) output.textContent = `${Number(input.value) / Number(input.dataset.divisor || 1)} %`;
}

document.addEventListener("input", (event) => {
  if (event.target.matches("input[data-output]")) showAmount(event.target);
});

document.addEventListener("click", async (event) => {
  const button = event.target.closest("button[data-removes], button[data-sets], button[data-copies]");
  if (!button) return;
  if (button.dataset.removes) {
    const form = button.closest("form");
    button.closest(button.dataset.removes).remove();
    form.dispatchEvent(new Event("change", { bubbles: true }));
  } else if (button.dataset.sets) {
    const input = document.getElementById(button.dataset.sets);
    input.value = button.value;
    showAmount(input);
  } else {
    await navigator.clipboard.writeText(button.dataset.copies);
    button.textContent = "Copied";
  }
});
