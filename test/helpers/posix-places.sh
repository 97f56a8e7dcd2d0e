# Sourced in a mount namespace of its own: gives it a /dev/shm and a /dev/mqueue without anybody's objects. Where /dev has
# no such folders, it becomes a folder with them and with links to the machine's devices.
{ [ -d /dev/shm ] && [ -d /dev/mqueue ]; } || {
  mount --rbind /dev /mnt && mount -t tmpfs none /dev && ln -s /mnt/* /dev && rm -f /dev/shm /dev/mqueue &&
    mkdir /dev/shm /dev/mqueue
} && mount -t tmpfs -o strictatime none /dev/shm && mount -t mqueue none /dev/mqueue
