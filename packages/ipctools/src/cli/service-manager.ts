import { note } from '@timeq/cli-kit/output/notes';
import { ServiceManager } from '@timeq/cli-kit/service/service-manager';
import { sendUnixDatagram } from '@timeq/mq-native/libc';

/** Tells the service manager, if one waits for it, of the events `listening` and `stopping`. @param info gets what is no warning */
export function serviceManager(info: (sentence: string) => void = () => undefined): ServiceManager {
  return new ServiceManager({
    ready: ['listening'],
    environment: process.env,
    log: ({ level, message }) => {
      (level === 'info' ? info : note)(`ipctools: ${message}`);
    },
    sendDatagram: sendUnixDatagram,
  });
}
