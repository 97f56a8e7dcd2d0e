/*
 * A message sent by a process of its own. msgsnd(2) leaves no trace in the sender's memory, but the kernel
 * keeps the pid of the last sender (msg_lspid): when each message has a sender of its own, the survivor
 * can tell whether one that was killed has sent.
 */
#ifndef TIMEQ_SENDING_CHILD_H
#define TIMEQ_SENDING_CHILD_H

#include <stddef.h>

/*
 * Sends a struct msgbuf with IPC_NOWAIT from a child whose pid is at `*pid` before its first instruction,
 * and waits for its end. 0 or -errno; -ECHILD if the child was killed, and may have sent; -ENOSYS elsewhere
 * than on Linux.
 */
int sending_child(int id, const void *message, size_t bytes, int *pid);

#endif
