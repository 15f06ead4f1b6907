// What glibc has and Swift's Glibc module does not show.

// glibc 2.34, <spawn.h>: every descriptor from `from` up is closed in the child. `actions` is a
// posix_spawn_file_actions_t; the type is not named so that Glibc stays the one module that defines it.
int posix_spawn_file_actions_addclosefrom_np(void *actions, int from);

// glibc 2.33, <malloc.h>: what of the heap is in use.
#include <malloc.h>
