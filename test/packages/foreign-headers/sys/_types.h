/* What gcc's own stddef.h asks for on FreeBSD; the types come from there in the end. */
