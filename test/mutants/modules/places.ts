import { inFile, type GuardedModule } from '../mutation.js';

const file = 'packages/time-server/src/queue/place-finder.ts';

export const places: GuardedModule = {
  name: 'places',
  mutations: [
    ...inFile(file, 'time-server/place-finder', [
      {
        what: 'one reply too many is taken back at type 3',
        find: 'this.#copies.withdraw(CLASSIC_REPLY, gone - lost)',
        replace: 'this.#copies.withdraw(CLASSIC_REPLY, gone - lost + 1)',
      },
      {
        what: 'replies to clients that waited elsewhere stay at type 3',
        find: 'if (gone > lost) this',
        replace: 'if (gone > lost + 1) this',
      },
      {
        what: 'a reply that was swept counts as read',
        find: 'const lost = Math.min(gone, this.#copies.lost - this.#lost)',
        replace: 'const lost = 0',
      },
      {
        what: 'a reply that was swept is accounted for twice',
        find: 'this.#lost += lost;',
        replace: 'this.#lost += 2 * lost;',
      },
      {
        what: 'four clients at one type find room for two',
        find: 'const MAX_COPIES = 4',
        replace: 'const MAX_COPIES = 2',
      },
      {
        what: "a dead client's copies are taken back though its neighbour needs them",
        find: 'if (mayRun || isShared)',
        replace: 'if (mayRun)',
      },
      {
        what: "a dead client's copies stay",
        find: 'if (mayRun || isShared) this.#leave',
        replace: 'this.#leave',
      },
      {
        what: 'a neighbour is looked for at the wrong pid',
        find: 'type === pid ? pid - CLASSIC_REPLY : type',
        replace: 'type === pid ? pid + CLASSIC_REPLY : type',
      },
      {
        what: 'copies at own types add up',
        find: 'Math.min(this.#take(type) + 1, MAX_COPIES)',
        replace: 'this.#take(type) + 1',
      },
    ]),
  ],
};
