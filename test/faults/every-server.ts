import {
  Askers,
  askStyle,
  skipWithoutStyle,
  skipWithoutTaskset,
  STYLES,
} from '../time-client/classic-servers.js';
import type { Fault } from './fault.js';

const REQUESTS = 100;
/** The servers of the short form: the one that takes its own replies back, and the one that crashes on text. */
const SHORT = [
  'in C that receives any type and answers at type 3',
  'in Python that answers at pid + 3, by threads',
];

export const everyServer: Fault = {
  name: 'every-server',
  title:
    'classic servers of every style answer at least 99 of 100 requests, of one client and of eight at once',
  skip: () => skipWithoutTaskset,
  async run(t, { long }) {
    const styles = Object.entries(STYLES).filter(
      ([name, style]) => (long || SHORT.includes(name)) && skipWithoutStyle(style) === false,
    );
    let answered = 0;
    let asked = 0;
    for (const cpus of ['any CPU', 'a single CPU'] as const) {
      const askers = await Askers.start(t, cpus);
      for (const [, style] of styles) {
        const total = await askStyle(t, style, askers, cpus, REQUESTS);
        answered += total.answered;
        asked += total.asked;
      }
    }
    return `${styles.length} styles, ${asked} requests, ${asked - answered} unanswered`;
  },
};
