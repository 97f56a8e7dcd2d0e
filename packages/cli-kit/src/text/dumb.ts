/** Whether the terminal can't move its cursor or change colours. Node's readline asks the same. */
export function isDumb(environment: NodeJS.ProcessEnv = process.env): boolean {
  return environment['TERM'] === 'dumb';
}
