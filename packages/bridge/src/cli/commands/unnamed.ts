import { UsageError } from '@timeq/cli-kit/args/usage-error';

export function run(): Promise<number> {
  throw new UsageError('which verb? Name one, such as out, in or status');
}
