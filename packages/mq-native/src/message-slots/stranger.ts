interface Owned {
  readonly uid: number;
  readonly creatorUid: number;
}

const ROOT = 0;

/**
 * A user who controls the segment at the key of slots, and is neither this user nor root nor the owner of their queue, who reads
 * and sends its messages anyway. Any user can make a segment at a key first, and its creator has the rights of its owner
 * (shmctl(2)).
 * @returns undefined if there is no such user
 */
export function strangerOf(segment: Owned, queue: Owned | undefined): number | undefined {
  const trusted = [ROOT, process.geteuid?.(), queue?.uid, queue?.creatorUid];
  return [segment.uid, segment.creatorUid].find((uid) => !trusted.includes(uid));
}
