// Draws the tree: questions in a column on the left, and to the right of each the mechanisms that end it.
const WIDTH = 960;
const MARGIN = 16;
const LINE = 18;
const QUESTION = { x: MARGIN, width: 300, letters: 36 };
const LEAF = { x: 570, width: WIDTH - 570 - MARGIN, height: 50, letters: 50 };
const LEAF_GAP = 12;
const LABEL_LETTERS = 30;
const STEP_GAP = 46;

/** @param {ReturnType<import('./parse-tree.js').parseTree>} tree */
export function drawTree(tree) {
  const shapes = [];
  let y = MARGIN;
  tree.forEach((step, index) => {
    const lines = wrap(step.question, QUESTION.letters);
    const leaves = step.answers.filter(({ mechanism }) => mechanism !== undefined);
    const further = step.answers.find(({ mechanism }) => mechanism === undefined);
    const leavesHeight = leaves.length * (LEAF.height + LEAF_GAP) - LEAF_GAP;
    const boxHeight = Math.max(lines.length * LINE + 22, LEAF.height);
    const height = Math.max(boxHeight, leavesHeight);
    const middle = y + height / 2;
    const boxTop = middle - boxHeight / 2;

    shapes.push(box('question', QUESTION.x, boxTop, QUESTION.width, boxHeight));
    shapes.push(...centred('ask', QUESTION.x + QUESTION.width / 2, middle, lines));

    leaves.forEach((leaf, place) => {
      const leafTop = middle - leavesHeight / 2 + place * (LEAF.height + LEAF_GAP);
      const leafMiddle = leafTop + LEAF.height / 2;
      const from = QUESTION.x + QUESTION.width;
      const bend = from + 22;
      shapes.push(arrow(`M${from} ${middle}H${bend}V${leafMiddle}H${LEAF.x - 2}`));
      shapes.push(words('answer', bend + 8, leafMiddle - 6, fitting(leaf.text, LABEL_LETTERS)));
      shapes.push(box('leaf', LEAF.x, leafTop, LEAF.width, LEAF.height));
      shapes.push(words('mechanism', LEAF.x + 14, leafMiddle - 5, leaf.mechanism));
      shapes.push(words('note', LEAF.x + 14, leafMiddle + 14, fitting(leaf.note, LEAF.letters)));
    });

    if (further !== undefined && index < tree.length - 1) {
      const x = QUESTION.x + QUESTION.width / 2;
      const next = y + height + STEP_GAP;
      const nextTop = next + offsetOfBox(tree[index + 1]);
      shapes.push(arrow(`M${x} ${boxTop + boxHeight}V${nextTop - 2}`));
      shapes.push(words('answer', x + 10, (boxTop + boxHeight + nextTop) / 2 + 4, further.text));
    }
    y += height + STEP_GAP;
  });
  return document(y - STEP_GAP + MARGIN, shapes);
}

/** How far below the top of its step a question's box begins. */
function offsetOfBox({ question, answers }) {
  const leaves = answers.filter(({ mechanism }) => mechanism !== undefined).length;
  const leavesHeight = leaves * (LEAF.height + LEAF_GAP) - LEAF_GAP;
  const boxHeight = Math.max(wrap(question, QUESTION.letters).length * LINE + 22, LEAF.height);
  return Math.max(0, (leavesHeight - boxHeight) / 2);
}

/** @throws Error: better than a picture in which words run into each other */
function fitting(text, letters) {
  if (text.length > letters) throw new Error(`tree.txt: "${text}" has more than ${letters} letters`);
  return text;
}

function wrap(text, letters) {
  const lines = [];
  for (const word of text.split(' ')) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= letters)
      lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}

function box(kind, x, y, width, height) {
  return `<rect class="${kind}" x="${x}" y="${y}" width="${width}" height="${height}" rx="${kind === 'leaf' ? 10 : 3}"/>`;
}

function arrow(path) {
  return `<path class="way" marker-end="url(#head)" d="${path}"/>`;
}

function words(kind, x, y, text) {
  return `<text class="${kind}" x="${x}" y="${y}">${escape(text)}</text>`;
}

function centred(kind, x, middle, lines) {
  const first = middle - ((lines.length - 1) * LINE) / 2 + 5;
  return lines.map((line, row) => words(kind, x, first + row * LINE, line));
}

function escape(text) {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

// Its own background and colours, so that it can be read on a dark page too.
function document(height, shapes) {
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${height}" viewBox="0 0 ${WIDTH} ${height}" role="img">
<title>Which mechanism between processes: a decision tree</title>
<defs><marker id="head" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8" markerHeight="8" orient="auto"><path d="M0 0L8 4L0 8Z" fill="#57606a"/></marker></defs>
<style>
text { font-family: "DejaVu Sans", Verdana, sans-serif; font-size: 14px; fill: #1f2328 }
.question { fill: #eaf2fd; stroke: #2f6feb }
.leaf { fill: #e9f7ec; stroke: #2c8a47 }
.way { fill: none; stroke: #57606a }
.ask { text-anchor: middle }
.answer { font-size: 12px; font-style: italic }
.mechanism { font-weight: bold }
.note { font-size: 12px }
</style>
<rect width="100%" height="100%" fill="#ffffff"/>
${shapes.join('\n')}
</svg>
`;
}
