// What tests of places and sizes evaluate in the page.

(() => {
  const isSeen = (element) => element.checkVisibility({ opacityProperty: true, visibilityProperty: true });
  const name = (element) => [element.className, element.dataset?.testid ?? element.id, element.ariaLabel ?? element.textContent.trim().slice(0, 20)].filter(Boolean).join(" ");
  /** What is for screen readers alone, and what lies over the page for a moment. */
  const ASIDE = ".unseen, .recipes thead, .next, .dock, .term-note, .hint, .reason, #message, [aria-hidden='true'], .cm-editor, math";

  /** The part of a box that its scrolling and clipping ancestors leave to be seen. */
  const clipped = (box, element) => {
    let { left, top, right, bottom } = box;
    for (let e = element; e && e !== document.body; e = e.parentElement) {
      if (getComputedStyle(e).overflow === "visible") continue;
      const frame = e.getBoundingClientRect();
      [left, top, right, bottom] = [Math.max(left, frame.left), Math.max(top, frame.top), Math.min(right, frame.right), Math.min(bottom, frame.bottom)];
    }
    return { left, top, right, bottom };
  };

  /** Pairs of texts of which one is written over the other. */
  const overlaps = (root = document.body) => {
    const panel = document.querySelector(".unit-panel:not([hidden])");
    const texts = [];
    // where what is off the screen is not laid out
    for (const part of document.querySelectorAll("#mathematics .lesson, #mathematics .note")) part.style.contentVisibility = "visible";
    const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
      const { currentNode: node } = walker;
      const element = node.parentElement;
      if (!node.data.trim() || !isSeen(element) || element.closest(`${ASIDE}, option, script`)) continue;
      if (panel && !panel.contains(element) && panel.parentElement.contains(element)) continue;
      const range = document.createRange();
      range.selectNodeContents(node);
      for (const box of range.getClientRects()) {
        const { left, top, right, bottom } = clipped(box, element);
        const high = 0.2 * (bottom - top); // letters are not as high as their line
        if (right - left > 2 && bottom - top > 4) texts.push({ node, left, right, top: top + high, bottom: bottom - high, text: node.data.trim().slice(0, 30) });
      }
    }
    texts.sort((a, b) => a.top - b.top);
    const found = [];
    texts.forEach((a, i) => {
      for (let j = i + 1; j < texts.length && texts[j].top < a.bottom; j++) {
        const b = texts[j];
        if (a.node !== b.node && Math.min(a.right, b.right) - Math.max(a.left, b.left) > 2 && Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 2) {
          found.push([a.text, b.text]);
        }
      }
    });
    return found;
  };

  /** Whether the page scrolls sideways, and what sticks out. */
  const sideways = () => {
    const { scrollWidth } = document.documentElement;
    if (scrollWidth <= innerWidth) return [];
    const outside = [...document.body.querySelectorAll("*")].filter((element) => {
      const box = element.getBoundingClientRect();
      return isSeen(element) && box.width > 0 && clipped(box, element.parentElement).right > innerWidth + 0.5;
    });
    return [scrollWidth, ...outside.slice(0, 8).map((element) => `${element.parentElement.className} > ${element.localName} ${name(element)}`)];
  };

  /** What a finger is to hit. A link within a sentence or an explained word is as high as its line. */
  const TARGETS = "button, select, summary, textarea, input:not([type='file'], .axis input), label.button, .axis label, .check, a[href], [role='tab'], td[tabindex]";
  /** @param {number} least  pixels, in both directions */
  const smallTargets = (least, selector = TARGETS) => [...document.querySelectorAll(selector)].flatMap((element) => {
    if (!isSeen(element) || element.closest(".unseen") || element.matches(".term, p a, li a, footer a, td a")) return [];
    const { width, height } = (element.matches("input[type='checkbox'], input[type='radio']") ? element.closest("label") ?? element : element).getBoundingClientRect();
    return width > 0 && Math.min(width, height) < least - 0.5 ? [[name(element), Math.round(width), Math.round(height)]] : [];
  });

  window.places = { overlaps, sideways, smallTargets };
})()
