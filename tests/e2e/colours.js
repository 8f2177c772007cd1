// What tests of colours evaluate in the page: contrasts by https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio

(() => {
  const context = document.createElement("canvas").getContext("2d", { willReadFrequently: true });

  /** Any CSS colour as red, green, blue from 0 to 255 and opacity from 0 to 1. */
  const parse = (text) => {
    context.clearRect(0, 0, 1, 1);
    context.fillStyle = text;
    context.fillRect(0, 0, 1, 1);
    const [red, green, blue, alpha] = context.getImageData(0, 0, 1, 1).data;
    return [red, green, blue, alpha / 255];
  };
  const over = ([r, g, b, a], [red, green, blue]) => [r * a + red * (1 - a), g * a + green * (1 - a), b * a + blue * (1 - a)];
  const luminance = (rgb) => {
    const [r, g, b] = rgb.map((value) => (value <= 10.31475 ? value / 3294.6 : ((value / 255 + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const ratio = (one, other) => {
    const [low, high] = [luminance(one.slice(0, 3)), luminance(other.slice(0, 3))].sort((a, b) => a - b);
    return (high + 0.05) / (low + 0.05);
  };
  /** What is painted behind an element's text. */
  const ground = (element) => {
    if (!element) return [255, 255, 255];
    const color = parse(getComputedStyle(element).backgroundColor);
    return color[3] === 1 ? color.slice(0, 3) : over(color, ground(element.parentElement));
  };
  const opacity = (element) => (element ? Number(getComputedStyle(element).opacity) * opacity(element.parentElement) : 1);
  const isSeen = (element) => {
    const box = element.getBoundingClientRect();
    return element.checkVisibility({ opacityProperty: true, visibilityProperty: true }) && box.width > 1 && box.height > 1;
  };
  const isDisabled = (element) => Boolean(element.closest(":disabled, [aria-disabled='true'], label:has(:disabled)"));
  const name = (element) => [...element.classList, element.dataset.testid ?? element.id, element.tagName.toLowerCase()].join(" ");

  /** Texts with less contrast than they should have: [text, element, ratio]. */
  const faintTexts = () => {
    const found = [];
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
      const { parentElement: element, data } = walker.currentNode;
      if (!data.trim() || !isSeen(element) || isDisabled(element) || element.closest("option, script, svg, .cm-editor")) continue;
      const { color, fontSize, fontWeight, forcedColorAdjust } = getComputedStyle(element);
      const size = parseFloat(fontSize);
      const isLarge = size >= 24 || (size >= 18.66 && Number(fontWeight) >= 700);
      // where colours are forced, the browser lays the page's colour behind each line of text
      const hasPlate = matchMedia("(forced-colors: active)").matches && forcedColorAdjust === "auto";
      const behind = ground(hasPlate ? document.documentElement : element);
      const [red, green, blue, alpha] = parse(color);
      const contrast = ratio(over([red, green, blue, alpha * opacity(element)], behind), behind);
      if (contrast < (isLarge ? 3 : 4.5)) found.push([data.trim().slice(0, 40), name(element), contrast.toFixed(2)]);
    }
    return found;
  };

  /** Edges, all four or the lower one, with less than 3 : 1 against what they stand on: [element, ratio]. */
  const faintEdges = (selector) => [...document.querySelectorAll(selector)].filter((element) => isSeen(element) && !isDisabled(element)).flatMap((element) => {
    const style = getComputedStyle(element);
    const contrast = style.borderBottomWidth === "0px" ? 1 : ratio(parse(style.borderBottomColor), ground(element.parentElement));
    return contrast < 3 ? [[name(element), contrast.toFixed(2)]] : [];
  });

  /** The most that any pixel of a part of a canvas differs from the page, and how many are clearly blue and orange. */
  const pixelsUnder = (canvas, part) => {
    const [outer, inner] = [canvas.getBoundingClientRect(), part.getBoundingClientRect()];
    const zoom = canvas.width / outer.width;
    const [x, y, width, height] = [inner.x - outer.x, inner.y - outer.y, inner.width, inner.height].map((length) => Math.round(length * zoom));
    const { data } = canvas.getContext("2d").getImageData(x, y, width, height);
    const paper = ground(canvas);
    let [most, blue, orange] = [1, 0, 0];
    let [low, high] = [1, 0];
    for (let i = 0; i < data.length; i += 4) {
      const pixel = over([data[i], data[i + 1], data[i + 2], data[i + 3] / 255], paper);
      [low, high] = [Math.min(low, luminance(pixel)), Math.max(high, luminance(pixel))];
      most = Math.max(most, ratio(pixel, paper));
      if (pixel[2] > pixel[0] + 40) blue += 1;
      if (pixel[0] > pixel[2] + 40) orange += 1;
    }
    return { most, blue, orange, inside: (high + 0.05) / (low + 0.05) };
  };
  window.colours = { faintTexts, faintEdges, pixelsUnder, ratio, parse, ground };
})()
