// A cage for untrusted code: the process gives up, for good, what an exercise's answer does not need.
#ifndef WORKBOOK_SANDBOX_H
#define WORKBOOK_SANDBOX_H

#include <stdint.h>

// The exit status of a process that reached for something forbidden. What it was stands on standard error, in a line of
// its own: "!forbidden open /etc/passwd".
#define SANDBOX_FORBIDDEN 97

// The program's argument of that place, NULL after the last. Swift reads them from /proc, which a cage does not have.
const char *sandbox_argument(int place);

// Limits processor time (seconds), address space (bytes), written files (none) and core files (none), and closes
// every file descriptor above `keep`; on Linux the process then ends with its parent. Limits that are lower already stay.
// Returns 0, or -1 with errno set.
int sandbox_limit(uint64_t cpu_seconds, uint64_t address_space, int keep);

// From here on, for all threads: computing, memory, threads, the descriptors that are open, and nothing else of the
// system; `library` alone can still be opened, once. Returns 0; -1 where the system has no such means.
int sandbox_enter(const char *library);

// From here on a crash leaves a line on standard error: "!trace" and, innermost first, the places in the library that
// holds `symbol`, as offsets in hexadecimal.
void sandbox_watch(const void *symbol);

#endif
