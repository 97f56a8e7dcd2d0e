/*
 * Returns a message that was taken and can't be delivered to the end of its queue.
 */
#ifndef TIMEQ_PUT_BACK_H
#define TIMEQ_PUT_BACK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Tries once, with a struct msgbuf. False if the queue has no room now. */
bool put_back_now(int id, const void *message, size_t bytes);

/*
 * If a queue has been filled meanwhile, its readers get a second to make room. Since this thread must end,
 * that second is shared by all messages that have to go back.
 */
int64_t put_back_deadline(void);

/* Waits a moment before the next try. False if there is no time left. */
bool put_back_again(int64_t deadline);

/* Tries until it is back, or the second is over. */
void put_back(int id, const void *message, size_t bytes);

#endif
