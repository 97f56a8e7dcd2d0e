import type { Mapping } from './mapping.js';
import { ReadOnlyView, type ElementArray } from './read-only-view.js';
import { builtInType, makeView, type ViewOptions, type ViewType } from './view-type.js';

/**
 * A segment in the memory of this process that can only be read (SHM_RDONLY). It hands out no ArrayBuffer and no typed
 * array, because a store into either would end the process; its views have no way to write. For everything else see
 * Attachment.
 */
export class ReadOnlyAttachment implements Disposable {
  readonly #mapping: Mapping;

  /** For SharedMemory.attach. */
  constructor(mapping: Mapping) {
    this.#mapping = mapping;
  }

  get attached(): boolean {
    return this.#mapping.attached;
  }

  /** The size of the segment in bytes. */
  get bytes(): number {
    return this.#mapping.buffer.byteLength;
  }

  /**
   * The elements that a typed array would have, live but read-only.
   * @param type one of JavaScript's own classes; code of a subclass could write, which ends the process
   * @throws TypeError for a subclass; IpcError ECANCELED after detach; RangeError for a part outside of the segment
   */
  view<Copy extends ElementArray<number>>(
    type: ViewType<Copy>,
    options?: ViewOptions,
  ): ReadOnlyView<number, Copy>;
  view<Copy extends ElementArray<bigint>>(
    type: ViewType<Copy>,
    options?: ViewOptions,
  ): ReadOnlyView<bigint, Copy>;
  view<Copy extends ElementArray<number | bigint>>(
    type: ViewType<Copy>,
    options: ViewOptions = {},
  ): ReadOnlyView<number | bigint, Copy> {
    return new ReadOnlyView(makeView(this.#mapping.buffer, builtInType(type), options));
  }

  /**
   * A copy of some bytes as they are now.
   * @param offset of the first byte, 0 if not given
   * @param length in bytes, up to the end if not given
   */
  read(offset = 0, length?: number): Buffer {
    return Buffer.from(makeView(this.#mapping.buffer, Uint8Array, { offset, length }));
  }

  /** Detaches the segment; its views throw from then on. A second call does nothing. */
  detach(): void {
    this.#mapping.detach();
  }

  [Symbol.dispose](): void {
    this.detach();
  }
}
