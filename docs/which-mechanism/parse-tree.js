/**
 * Reads tree.txt: questions in order, each with its answers. An answer has a mechanism, or goes on to the next question.
 * @returns {{ question: string, answers: { text: string, mechanism?: string, note?: string }[] }[]}
 */
export function parseTree(text) {
  const [, ...blocks] = text.trim().split(/\n{2,}/);
  return blocks.map((block) => {
    const [question, ...lines] = block.split('\n');
    if (!question.endsWith('?')) throw new Error(`tree.txt: "${question}" is not a question`);
    return { question, answers: lines.map(parseAnswer) };
  });
}

function parseAnswer(line) {
  const [, text, mechanism, note] = /^ {2}(.+?)(?: -> (.+?): (.+))?$/.exec(line) ?? [];
  if (text === undefined) throw new Error(`tree.txt: "${line}" is not an answer`);
  return mechanism === undefined ? { text } : { text, mechanism, note };
}
