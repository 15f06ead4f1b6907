// What glibc has and Swift's Glibc module does not show.
#include <spawn.h>

// glibc 2.34: every descriptor from `from` up is closed in the child.
int posix_spawn_file_actions_addclosefrom_np(posix_spawn_file_actions_t *actions, int from);
