// What a page of Vite does with a document: its texts as paragraphs. `openScreen` chooses the one that is shown.
const all = {};

function words(node) {
  const found = typeof node.data === 'string' ? [node.data] : [];
  for (const each of Object.values(node)) if (each && typeof each === 'object') found.push(...words(each));
  return found;
}

export function draw(name, content) {
  all[name] = content;
  if (name !== window.shown) return;
  document.querySelector('main').replaceChildren(...words(content).map((word) => {
    const paragraph = document.createElement('p');
    paragraph.textContent = word;
    return paragraph;
  }));
}

window.openScreen = (name) => {
  window.shown = name;
  draw(name, all[name]);
};
