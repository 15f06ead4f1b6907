#pragma once

/// How often this process has asked for memory: malloc, calloc, realloc and their aligned sisters, on all threads.
long allocations(void);
