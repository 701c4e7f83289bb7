// A cage for code that nobody has read: the process gives up, for good, what an exercise's answer does not need.
#ifndef WORKBOOK_SANDBOX_H
#define WORKBOOK_SANDBOX_H

#include <stdint.h>

// The exit status of a process that reached for something forbidden. What it was stands on the report descriptor, in
// one line: "!open /etc/passwd".
#define SANDBOX_FORBIDDEN 97

// Limits processor time (seconds), address space (bytes), written files (none) and core files (none), and closes
// every file descriptor above `keep`; on Linux the process then ends with its parent. Limits that are lower already stay.
// Returns 0, or -1 with errno set.
int sandbox_limit(uint64_t cpu_seconds, uint64_t address_space, int keep);

// From here on: no new process, no network, no signal to others, nothing created, changed or removed. Files may
// still be opened for reading. `report` is the descriptor that tells what was tried. Returns 0; -1 where the system
// has no such means.
int sandbox_enter(int report);

// From here on no file is opened at all. To be called after sandbox_enter, when everything is loaded.
int sandbox_close_files(void);

#endif
