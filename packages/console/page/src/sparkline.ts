import { LOOKS_BACK, type Point } from './store.js';

const WIDTH = 90;
const HEIGHT = 20;
const SVG = 'http://www.w3.org/2000/svg';

/** An empty sparkline. */
export function makeSparkline(): SVGSVGElement {
  const svg = document.createElementNS(SVG, 'svg');
  svg.setAttribute('viewBox', `0 0 ${WIDTH} ${HEIGHT}`);
  svg.setAttribute('preserveAspectRatio', 'none');
  svg.setAttribute('aria-hidden', 'true');
  svg.setAttribute('class', 'spark');
  svg.append(document.createElementNS(SVG, 'path'));
  return svg;
}

/** Draws the depths as steps, the newest at the right, the highest at the full height. */
export function drawSparkline(svg: SVGSVGElement, points: readonly Point[], now: number): void {
  const highest = Math.max(1, ...points.map(({ messages }) => messages));
  const x = (time: number): number =>
    Math.max(0, Math.round((1 - (now - time) / LOOKS_BACK) * WIDTH * 2) / 2);
  const y = (messages: number): number =>
    Math.round((HEIGHT - 1 - (messages / highest) * (HEIGHT - 3)) * 2) / 2;
  let path = '';
  points.forEach(({ time, messages }, index) => {
    path += path === '' ? `M${x(time)} ${y(messages)}` : `H${x(time)}V${y(messages)}`;
    if (index === points.length - 1) path += `H${WIDTH}`;
  });
  const line = svg.firstElementChild;
  if (line !== null && line.getAttribute('d') !== path) line.setAttribute('d', path);
}
