import { EXIT } from '@timeq/cli-kit/exit/exit-codes';
import { IpcError } from '@timeq/mq-native';
import { EXIT_OF_NATS_ERROR, NatsError } from '@timeq/nats';
import { BridgeError } from '../bridge-error.js';
import { EXIT_OF_BRIDGE_ERROR } from './exit-codes.js';

/** The sentence and the exit code for an error; undefined for a bug. */
export function explain(error: unknown): { readonly message: string; readonly exitCode: number } | undefined {
  if (error instanceof BridgeError)
    return { message: error.message, exitCode: EXIT_OF_BRIDGE_ERROR[error.code] };
  if (error instanceof NatsError) return { message: error.message, exitCode: EXIT_OF_NATS_ERROR[error.code] };
  if (error instanceof Error && 'code' in error && error.code === 'ERR_TIMEQ_ADDON') {
    return { message: error.message, exitCode: EXIT.failed };
  }
  if (!(error instanceof IpcError)) return undefined;
  const denied = error.code === 'EACCES' || error.code === 'EPERM';
  return { message: error.message, exitCode: denied ? EXIT.notPermitted : EXIT.failed };
}
