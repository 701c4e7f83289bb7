// Words for the system calls that answers do not get.
#pragma once

#include <sys/syscall.h>

struct named {
  int call;
  const char *kind;
};

// What people would call them; where a path is among the arguments, `@` says it is the second one, `1` the first.
static const struct named names[] = {
    {SYS_openat, "open@"}, {SYS_openat2, "open@"}, {SYS_getdents64, "open"}, {SYS_unlinkat, "remove@"},
    {SYS_mkdirat, "change@"}, {SYS_renameat2, "change@"}, {SYS_fchmodat, "change@"}, {452, "change@"},
    {SYS_fchownat, "change@"}, {SYS_utimensat, "change@"}, {SYS_mknodat, "change@"}, {SYS_setxattr, "change1"},
    {SYS_lsetxattr, "change1"}, {SYS_removexattr, "change1"}, {SYS_lremovexattr, "change1"},
    {SYS_truncate, "change1"}, {SYS_linkat, "change"}, {SYS_symlinkat, "change1"}, {SYS_ftruncate, "change"},
    {SYS_fchmod, "change"}, {SYS_fchown, "change"}, {SYS_fsetxattr, "change"}, {SYS_fallocate, "change"},
    {SYS_memfd_create, "change"}, {SYS_chdir, "change1"}, {SYS_mount, "change"}, {SYS_chroot, "change1"},
    {SYS_clone, "process"}, {SYS_execve, "process"}, {SYS_execveat, "process"}, {SYS_socketpair, "process"},
    {SYS_socket, "network"}, {SYS_connect, "network"}, {SYS_bind, "network"}, {SYS_sendto, "network"},
    {SYS_kill, "signal"}, {SYS_tkill, "signal"}, {SYS_tgkill, "signal"}, {SYS_rt_sigqueueinfo, "signal"},
    {SYS_rt_tgsigqueueinfo, "signal"}, {SYS_pidfd_open, "signal"}, {SYS_pidfd_send_signal, "signal"},
    {SYS_ptrace, "memory"}, {SYS_process_vm_readv, "memory"}, {SYS_process_vm_writev, "memory"},
    {SYS_prlimit64, "limits"}, {SYS_setrlimit, "limits"}, {SYS_sched_setaffinity, "limits"},
    {SYS_sched_setscheduler, "limits"}, {SYS_sched_setattr, "limits"}, {SYS_setpriority, "limits"},
    {SYS_rt_sigaction, "handler"}, {SYS_prctl, "limits"}, {SYS_seccomp, "limits"}, {SYS_setpgid, "limits"},
    {SYS_setsid, "limits"}, {SYS_unshare, "limits"}, {SYS_setns, "limits"},
    {SYS_msgget, "share"}, {SYS_mq_open, "share"}, {SYS_shmget, "share"}, {SYS_semget, "share"},
    {SYS_keyctl, "share"}, {SYS_add_key, "share"}, {SYS_request_key, "share"}, {SYS_mmap, "share"},
#ifdef __x86_64__
    {SYS_open, "open1"}, {SYS_creat, "change1"}, {SYS_unlink, "remove1"}, {SYS_rmdir, "remove1"},
    {SYS_mkdir, "change1"}, {SYS_rename, "change1"}, {SYS_renameat, "change@"}, {SYS_link, "change1"},
    {SYS_symlink, "change1"}, {SYS_chmod, "change1"}, {SYS_chown, "change1"}, {SYS_lchown, "change1"},
    {SYS_mknod, "change1"}, {SYS_utime, "change1"}, {SYS_utimes, "change1"}, {SYS_futimesat, "change@"},
    {SYS_fork, "process"}, {SYS_vfork, "process"}, {SYS_getdents, "open"},
#endif
};

// Where the system's own libraries look around: before they start a thread, for the time zone, for chance, for words of a
// language. Nobody's answer asks for these, and they are content with an error.
static const char *const looked_for[] = {
    "/proc/self/task/", "/proc/stat", "/sys/devices/system/cpu", "/sys/fs/cgroup/", "/etc/localtime", "/etc/timezone",
    "/usr/share/zoneinfo/", "/usr/lib/locale/", "/usr/share/locale/", "/etc/os-release", "/usr/lib/os-release",
    "/dev/urandom",
};
