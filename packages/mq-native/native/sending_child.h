/*
 * A second sender beside this process. msgsnd(2) leaves no trace in the sender's memory, but the kernel keeps
 * the pid of the last sender (msg_lspid): when two processes take turns, the survivor can tell whether one
 * that was killed has sent.
 */
#ifndef TIMEQ_SENDING_CHILD_H
#define TIMEQ_SENDING_CHILD_H

#include <stddef.h>

struct sending_child;

/*
 * Sends a struct msgbuf with IPC_NOWAIT from the child, whose pid is at `*pid` before, and waits until it
 * has. Starts the child if there is none at `*child`; it ends with this thread, of which every call must
 * come. 0 or -errno; -ECHILD if the child was killed, and may have sent; -ENOSYS elsewhere than on Linux.
 */
int sending_child(struct sending_child **child, int id, const void *message, size_t bytes, int *pid);

/* Ends the child, if there is one. */
void sending_child_end(struct sending_child *child);

#endif
