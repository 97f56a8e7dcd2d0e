import { escapeText, jsonText } from '@timeq/cli-kit/text/escape';
import { readKey } from '@timeq/cli-kit/args/key';
import { readProjectId } from '@timeq/cli-kit/args/project-id';
import { formatKey, ftok } from '@timeq/mq-native';
import { UsageError } from '@timeq/cli-kit/args/usage-error';
import { EXIT } from '@timeq/cli-kit/exit/exit-codes';
import { findFtokFiles } from '../ftok-search.js';
import { note } from '@timeq/cli-kit/output/notes';
import { Output } from '@timeq/cli-kit/output/output';

interface FtokOptions {
  readonly find?: string;
  readonly json?: true;
}

async function find(word: string, paths: readonly string[], json: boolean): Promise<number> {
  const key = readKey(word);
  const projectId = key >>> 24;
  const { matches, failures } = findFtokFiles(key, paths);
  const output = new Output();
  if (json) {
    const found = { key, keyHex: formatKey(key), projectId, paths: matches, failures };
    await output.write(`${jsonText({ ftok: found })}\n`);
  } else {
    for (const path of matches) await output.write(`${escapeText(path)}\n`);
  }
  await output.flush();
  for (const { path, code } of failures) note(`ipctools: ${code}: can't look at ${escapeText(path)}`);
  if (matches.length > 0) return EXIT.done;
  note(`ipctools: no file there gives ${formatKey(key)} (with project id ${projectId})`);
  return EXIT.failed;
}

export async function run(words: readonly string[], options: FtokOptions): Promise<number> {
  if (options.find !== undefined) return find(options.find, words, options.json === true);
  const [path = '', id = '1', ...rest] = words;
  if (rest.length > 0) throw new UsageError('one path and a project id; with --find KEY many paths');
  const projectId = readProjectId(id);
  const key = ftok(path, projectId);
  const json = { ftok: { key, keyHex: formatKey(key), projectId, paths: [path] } };
  await new Output().deliver(options.json ? `${jsonText(json)}\n` : `${formatKey(key)}\n`);
  return EXIT.done;
}
