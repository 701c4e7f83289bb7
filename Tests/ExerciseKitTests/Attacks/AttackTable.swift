// The attacks: files, processes, signals, memory of others, limits, messages, the channel of results, and time.

#if os(Linux) && arch(x86_64)
extension Attack {
  typealias N = CallNumber

  static let table: [Attack] =
    files + processes + others + channel + quiet

  static let files: [Attack] = [
    .forbidden("reads a file", "open /etc/passwd", #"_ = try? String(contentsOfFile: "/etc/passwd", encoding: .utf8)"#),
    .forbidden("reads its own memory as a file", "/proc/self/mem", #"_ = open("/proc/self/mem", O_RDWR)"#),
    .forbidden("reads the environment of its parent", "open", #"_ = open("/proc/\(getppid())/environ", O_RDONLY)"#),
    .forbidden("lists a folder", "open", #"_ = try? FileManager.default.contentsOfDirectory(atPath: "/")"#),
    .forbidden("lists an open folder", "open", "_ = system(\(N.getdents), 4, zeros, 4096)"),
    .forbidden("writes a file", "open", #"_ = open("/tmp/evil", O_WRONLY | O_CREAT, 0o600)"#),
    .forbidden("opens a file whose name is nowhere", "open", "_ = system(257, -100, 8, 0)"),
    .forbidden("makes a folder whose name is nowhere", "make or change", "_ = system(83, 8, 0o700)"),
    .forbidden("opens by openat2", "open", #"_ = system(\#(N.openat2), -100, address("/etc/passwd"), zeros, 24)"#),
    .forbidden("opens by a handle", "", "_ = system(\(N.openByHandle), 4, zeros, 0)"),
    .forbidden("makes a folder", "make or change /tmp/evil", #"mkdir("/tmp/evil", 0o700)"#),
    .forbidden("makes a folder on a thread of its own", "make or change", #"onThread { mkdir("/tmp/evil", 0o700) }"#),
    .forbidden(
      "makes a folder on a thread of the system", "",
      #"DispatchQueue.concurrentPerform(iterations: 4) { _ in mkdir("/tmp/evil", 0o700) }"#),
    .forbidden("removes a file", "remove /tmp/evil", #"unlink("/tmp/evil")"#),
    .forbidden("removes a folder", "remove", #"rmdir("/tmp")"#),
    .forbidden("renames a file", "make or change", #"rename("/tmp/evil", "/tmp/worse")"#),
    .forbidden("makes a link", "make or change", #"symlink("/etc/passwd", "/tmp/evil")"#),
    .forbidden("makes a hard link", "make or change", #"link("/etc/passwd", "/tmp/evil")"#),
    .forbidden("changes rights", "make or change", #"chmod("/tmp", 0o777)"#),
    .forbidden(
      "changes rights by the new call", "make or change /tmp",
      #"_ = system(\#(N.fchmodat2), -100, address("/tmp"), 0o777, 0)"#),
    .forbidden("changes an owner", "make or change", #"chown("/tmp", 0, 0)"#),
    .forbidden(
      "sets an attribute", "make or change",
      #"_ = system(\#(N.lsetxattr), address("/tmp"), address("user.a"), zeros, 1, 0)"#),
    .forbidden("sets times", "make or change", #"_ = system(\#(N.futimesat), -100, address("/tmp"), 0)"#),
    .forbidden("cuts a file off", "make or change", #"truncate("/tmp/evil", 0)"#),
    .forbidden("makes a device", "make or change", #"_ = system(\#(N.mknod), address("/tmp/evil"), 0o20600, 259)"#),
    .forbidden("makes a file in memory", "make or change", #"_ = system(\#(N.memfdCreate), address("x"), 0)"#),
    .forbidden("copies between files", "", "_ = system(\(N.copyFileRange), 0, 0, 1, 0, 4096, 0)"),
    .forbidden("changes its root", "make or change", #"_ = system(\#(N.chroot), address("/tmp"))"#),
    .forbidden("loads another library", "open", #"_ = dlopen("libFoundationNetworking.so", RTLD_NOW)"#),
    .forbidden("mounts", "", #"mount("none", "/tmp", "tmpfs", 0, nil)"#),
    .forbidden("opens a file system", "", #"_ = system(\#(N.fsopen), address("tmpfs"), 0)"#),
  ]

  static let processes: [Attack] = [
    .forbidden(
      "starts a thread and sleeps until it ends, which looks like work", "another program",
      "_ = system(\(N.clone), 0x54f00, zeros + 4096, 0, 0, 0)"),
    .forbidden(
      "speaks the numbers of 32-bit programs", "",
      "run([0xB8, 39, 0, 0, 0, 0xCD, 0x80, 0xC3])"),
    .forbidden(
      "hides behind blocked signals", "",
      #"var all = sigset_t(); sigfillset(&all); pthread_sigmask(SIG_BLOCK, &all, nil); mkdir("/tmp/evil", 0o700)"#),
    .forbidden("forks", "another program", "_ = system(57)"),
    .forbidden("clones", "another program", "_ = system(\(N.clone), 17, 0, 0, 0, 0)"),
    .forbidden(
      "becomes another program", "another program",
      #"_ = system(\#(N.execve), address("/bin/sh"), zeros, zeros)"#),
    .forbidden(
      "starts a program", "",
      #"var id: pid_t = 0; var none: [UnsafeMutablePointer<CChar>?] = [nil]; "#
        + #"_ = posix_spawn(&id, "/bin/true", nil, nil, &none, nil)"#),
    .forbidden("reaches the network", "network", "_ = socket(AF_INET, 1, 0)"),
    .forbidden("reaches the network on a thread", "network", "onThread { _ = socket(AF_INET, 1, 0) }"),
    .forbidden("talks to services", "network", "_ = socket(AF_UNIX, 1, 0)"),
    .forbidden("sends", "network", "_ = system(\(N.sendto), 1, zeros, 1, 0, 0, 0)"),
    .forbidden("kills its parent", "signal", "kill(getppid(), SIGKILL)"),
    .forbidden("kills everybody", "signal", "kill(-1, SIGKILL)"),
    .forbidden("kills its group", "signal", "kill(0, SIGKILL)"),
    .forbidden("kills on a thread", "signal", "onThread { kill(getppid(), SIGSTOP) }"),
    .forbidden("queues a signal", "signal", "_ = system(\(N.rtSigqueueinfo), 1, 9, zeros)"),
    .forbidden("queues a signal to a thread", "signal", "_ = system(\(N.rtTgsigqueueinfo), 1, 1, 9, zeros)"),
    .forbidden("takes hold of a process", "signal", "_ = system(\(N.pidfdOpen), 1, 0)"),
    .forbidden("signals by a hold", "signal", "_ = system(\(N.pidfdSendSignal), 0, 9, 0, 0)"),
    .forbidden("claims that it was stopped, by the cage's own signal", "signal", "raise(SIGSYS)"),
    .forbidden("signals a thread of another", "signal", "_ = system(234, 1, 1, 9)"),
  ]

  static let others: [Attack] = [
    .forbidden("traces", "memory of a process", "_ = system(\(N.ptrace), 16, 1, 0, 0)"),
    .forbidden(
      "reads memory of others", "memory of a process", "_ = system(\(N.processVMReadv), 1, zeros, 1, zeros, 1, 0)"),
    .forbidden("advises memory of others", "", "_ = system(\(N.processMadvise), 0, zeros, 1, 21, 0)"),
    .forbidden("raises limits of its parent", "limits", "_ = system(302, Int(getppid()), 7, zeros, 0)"),
    .forbidden("raises its own limits", "limits", "_ = system(160, 7, zeros)"),
    .forbidden("moves its parent to another processor", "limits", "_ = system(203, Int(getppid()), 128, zeros)"),
    .forbidden("changes the priority of its parent", "limits", "_ = system(141, 0, Int(getppid()), 19)"),
    .forbidden("changes the priority of its group", "limits", "_ = system(141, 1, 0, 19)"),
    .forbidden("ignores what the cage says", "a signal", "signal(SIGSYS, SIG_IGN)"),
    .forbidden("ignores the end of its time", "a signal", "signal(SIGXCPU, SIG_IGN)"),
    .forbidden("sets a filter of its own", "limits", "_ = system(\(N.seccomp), 1, 0, zeros)"),
    .forbidden("asks for rights", "limits", "_ = system(157, 4, 1, 0, 0, 0)"),
    .forbidden("outlives its parent", "limits", "_ = system(157, 1, 0, 0, 0, 0)"),
    .forbidden("leaves its session", "limits", "_ = system(112)"),
    .forbidden("leaves its group", "limits", "setpgid(0, 0)"),
    .forbidden("makes a namespace", "limits", "_ = system(272, 0x10000000)"),
    .forbidden("enters a namespace", "limits", "_ = system(\(N.setns), 4, 0)"),
    .forbidden("changes the machine's manners", "", "_ = system(\(N.personality), 0x40000)"),
    .forbidden("opens a queue", "share", "_ = system(\(N.msgget), 1, 0o1666)"),
    .forbidden("opens a named queue", "share", #"_ = system(\#(N.mqOpen), address("evil"), 0x42, 0o600, 0)"#),
    .forbidden("shares memory", "share", "_ = system(\(N.shmget), 1, 4096, 0o1666)"),
    .forbidden("shares semaphores", "share", "_ = system(\(N.semget), 1, 1, 0o1666)"),
    .forbidden("reads keys", "share", "_ = system(\(N.keyctl), 0, -3, 1)"),
    .forbidden("uses a ring", "", "_ = system(\(N.ioUringSetup), 8, zeros)"),
    .forbidden("loads code into the system", "", "_ = system(\(N.bpf), 0, zeros, 64)"),
    .forbidden("watches the machine", "", "_ = system(\(N.perfEventOpen), zeros, 0, -1, -1, 0)"),
    .forbidden("handles faults", "", "_ = system(\(N.userfaultfd), 0)"),
    .forbidden(
      "keeps memory that is nobody's", "share",
      "_ = mmap(nil, 1 << 20, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0)"),
    .forbidden(
      "enters its cage again, for another file", "a signal",
      #"typealias Enter = @convention(c) (UnsafePointer<CChar>) -> Int32; "#
        + #"_ = unsafeBitCast(dlsym(nil, "sandbox_enter"), to: Enter.self)("/etc/passwd")"#),
    .forbidden("sets a filter by the call that the cage uses", "limits", "_ = system(\(N.seccomp), 1, 1, zeros)"),
    .forbidden("moves descriptors", "", "dup2(1, 3)"),
    .forbidden("uses the numbers of another interface", "", "_ = system(\(N.x32Write), 1, zeros, 1)"),
  ]

  static let channel: [Attack] = [
    Attack(
      "drips line ends into the channel", .stopped(.forged, "channel for results"),
      "var line: [UInt8] = [10]; while true { _ = write(3, &line, 1); usleep(20_000) }"),
    Attack(
      "claims a result that is endless", .stopped(.output, "more than 1 MB of numbers"),
      "let head: [UInt8] = [0xB7, 17, 0, 255, 255, 255, 255]; _ = write(3, head, 7); while true { usleep(20_000) }"),
    Attack(
      "begins a message and never ends it", .stopped(.time, ""),
      "let head: [UInt8] = [0xB7, 17, 0, 9, 0, 0, 0]; _ = write(3, head, 7); while true {}"),
    Attack(
      "sends a call to its judge", .stopped(.forged, "channel for results"),
      "let call: [UInt8] = [0xB7, 1, 0, 5, 0, 0, 0, 9, 0, 0, 0, 0]; _ = write(3, call, 12); sleep(1000)"),
    Attack(
      "calls a function that it was not given", .stopped(.forged, "channel for results"),
      "let call: [UInt8] = [0xB7, 20, 7, 5, 0, 0, 0, 9, 0, 0, 0, 0]; _ = write(3, call, 12); sleep(1000)"),
    Attack(
      "prints without end", .stopped(.output, "never stops printing"),
      #"let s = String(repeating: "x", count: 1000); while true { print(s) }"#),
    Attack(
      "prints line ends without end", .stopped(.output, "never stops printing"),
      "let n = [UInt8](repeating: 10, count: 100); while true { _ = write(2, n, 100) }"),
    Attack("ends the program", .stopped(.exit, "status 0"), "exit(0)"),
    Attack("claims that it was stopped", .stopped(.forbidden, ""), "_exit(97)"),
    Attack("closes the channel", .stopped(.exit, ""), "close(3)"),
    Attack("closes the pipe of calls", .stopped(.exit, "closed"), "close(4)"),
    Attack("never returns", .stopped(.time, "endless loop"), "while true {}"),
    Attack("computes on threads alone", .stopped(.time, "endless loop"), "onThread { while true {} }"),
    Attack("waits for nothing", .stopped(.time, "without computing"), "sleep(100_000)"),
    Attack(
      "takes the next call", .stopped(.time, "without computing"),
      "var b = [UInt8](repeating: 0, count: 9); _ = read(4, &b, 9)"),
    Attack(
      "takes all memory", .stopped(.memory, "MB of memory"),
      "var a: [[Float]] = []; while true { a.append([Float](repeating: 1, count: 1 << 18)) }"),
    Attack("calls itself without end", .stopped(.crash, "infinite recursion"), "return Float(deeper(0))"),
    Attack(
      "reads behind a list", .stopped(.crash, "Index out of range"), "let a = [Float](); return a[weightShape.count]"),
    Attack("aborts", .stopped(.crash, ""), "abort()"),
    Attack(
      "writes to memory that is not there", .stopped(.crash, "memory fault"),
      "UnsafeMutablePointer<Int>(bitPattern: 64)!.pointee = 1"),
    Attack("claims that its time is up", .stopped(.exit, "signal"), "raise(SIGXCPU)"),
    Attack("stops itself", .stopped(.time, "without computing"), "raise(SIGSTOP)"),
    Attack(
      "starts thousands of threads", .stopped(.memory, "threads"),
      "var a = pthread_attr_t(); pthread_attr_init(&a); pthread_attr_setstacksize(&a, 16384); var t = pthread_t(); "
        + "for _ in 0..<2000 { pthread_create(&t, &a, { _ in sleep(9); return nil }, nil) }; sleep(9)"),
    Attack("signals itself to death", .stopped(.exit, "signal 9"), "raise(SIGKILL)"),
  ]

  /// What finds nothing.
  static let quiet: [Attack] = [
    Attack(
      "takes descriptors without end", .nothing,
      "var n = 0; while n < 1000, system(290, 0, 0) >= 0 { n += 1 }; return n < 64 ? 1 : 0"),
    Attack("reads where the system looks", .nothing, #"return open("/usr/share/zoneinfo/UTC", O_RDONLY) < 0 ? 1 : 0"#),
    Attack(
      "goes from there to other files", .nothing,
      #"return open("/usr/share/zoneinfo/../../../etc/passwd", O_RDONLY) < 0 ? 1 : 0"#),
    Attack(
      "reads what its parent is doing", .nothing,
      #"var b = [UInt8](repeating: 0, count: 99); let f = open("/proc/\(getppid())/stat", O_RDONLY); "#
        + #"return read(f, &b, 99) == 19 && b.starts(with: Array("1 (thread) S".utf8)) ? 1 : 0"#),
    Attack("asks whether a file is there", .nothing, #"return access("/etc/passwd", F_OK) == 0 ? 0 : 1"#),
    Attack("asks for a file's size", .nothing, #"var s = stat(); return stat("/etc/passwd", &s) == 0 ? 0 : 1"#),
    Attack(
      "reads its own name", .nothing,
      #"var b = [CChar](repeating: 0, count: 99); return readlink("/proc/self/exe", &b, 99) > 0 ? 0 : 1"#),
    Attack("looks for the cases", .nothing, #"return dlsym(nil, "$s17ExerciseCatalogue0B0OMa") == nil ? 1 : 0"#),
    Attack(
      "looks for the library's layers", .nothing, #"return dlsym(nil, "$s14NeuralNetworks6Conv2DVMa") == nil ? 1 : 0"#),
    Attack("looks for the library's kernels", .nothing, #"return dlsym(nil, "$s7Tensors7KernelsOMa") == nil ? 1 : 0"#),
    Attack(
      "looks for secrets in the environment", .nothing, "return ProcessInfo.processInfo.environment.count <= 8 ? 1 : 0"),
    Attack("reads what is typed", .nothing, "return readLine() == nil ? 1 : 0"),
    Attack(
      "waits for all processors, which looks like waiting for a disk", .nothing, "return system(324, 1, 0) < 0 ? 1 : 0"),
    Attack(
      "has its memory put out to the disk and read in again", .nothing,
      "let page = mmap(nil, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0); "
        + "return system(28, Int(bitPattern: page), 4096, 21) < 0 ? 1 : 0"),
    Attack("steers the terminal", .nothing, "return system(16, 1, 0x5412, zeros) == 0 ? 0 : 1"),
  ]
}
#endif
