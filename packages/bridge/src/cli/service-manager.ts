import { logWriter } from '@timeq/cli-kit/service/log-writer';
import { ServiceManager } from '@timeq/cli-kit/service/service-manager';
import { sendUnixDatagram } from '@timeq/mq-native/libc';

/** Writes a bridge's events to its log, and tells systemd of them. */
export function serviceManager(json: boolean): ServiceManager {
  return new ServiceManager({
    ready: ['started', 'listening'],
    environment: process.env,
    log: logWriter('timeq-bridge', json),
    sendDatagram: sendUnixDatagram,
  });
}
