import type { Attachment, SharedMemory } from '@timeq/mq-native';
import { Slot, slotAt, type SlotShape } from '@timeq/mq-native/message-slots';
import { Header } from './header.js';

/** The attached segment of a store, and the parts of it. */
export class SlotMemory {
  readonly segment: SharedMemory;
  readonly attachment: Attachment;
  readonly header: Header;
  readonly slots: readonly Slot[];
  readonly scratch: Slot;

  constructor(segment: SharedMemory, attachment: Attachment, shape: SlotShape) {
    const view = attachment.view(DataView);
    this.segment = segment;
    this.attachment = attachment;
    this.header = new Header(view);
    this.scratch = new Slot(view, -1, slotAt(shape, -1), shape.room);
    this.slots = Array.from(
      { length: shape.slots },
      (_, index) => new Slot(view, index, slotAt(shape, index), shape.room),
    );
  }

  detach(): void {
    this.attachment.detach();
    this.segment.close();
  }
}
