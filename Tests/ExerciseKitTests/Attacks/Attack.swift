// Attacks as data: Swift that an answer may hold, and what must come of it.

import ExerciseKit
import Testing

/// One attack. All of a table are compiled into one library and called one by one, each in a process of its own.
struct Attack: Sendable, CustomTestStringConvertible {
  /// What must come of an attack.
  enum End: Sendable, Equatable {
    /// The process is stopped, for this reason; the words of the reason contain these.
    case stopped(Halt.Kind, String)
    /// It gets nothing: its function returns 1 where it was refused, silently.
    case nothing
  }
  var testDescription: String
  /// Statements; they may return.
  var code: String
  var end: End

  init(_ name: String, _ end: End, _ code: String) {
    testDescription = name
    self.code = code
    self.end = end
  }

  /// A call that the system is not to be asked for.
  static func forbidden(_ name: String, _ words: String = "", _ code: String) -> Attack {
    Attack(name, .stopped(.forbidden, words), code)
  }

  /// An answer to 4.3 that carries out the attack whose number is the first argument.
  static func source(of attacks: [Attack]) -> String {
    let cases = attacks.enumerated().map { "    case \($0.offset):\n      \($0.element.code)\n" }.joined()
    return """
      import Dispatch
      import ExerciseKit
      import Foundation

      typealias Call = @convention(c) (Int, Int, Int, Int, Int, Int, Int) -> Int
      func system(_ n: Int, _ a: Int = 0, _ b: Int = 0, _ c: Int = 0, _ d: Int = 0, _ e: Int = 0, _ f: Int = 0) -> Int {
        unsafeBitCast(dlsym(nil, "syscall"), to: Call.self)(n, a, b, c, d, e, f)
      }
      func address(_ text: String) -> Int { Int(bitPattern: strdup(text)) }
      func onThread(_ body: @escaping @Sendable () -> Void) {
        let thread = Thread { body() }
        thread.start()
        while !thread.isFinished { usleep(1000) }
      }
      let zeros = Int(bitPattern: calloc(2, 4096))
      func run(_ code: [UInt8]) {
        let page = mmap(nil, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)!
        page.copyMemory(from: code, byteCount: code.count)
        mprotect(page, 4096, PROT_READ | PROT_EXEC)
        unsafeBitCast(page, to: (@convention(c) () -> Void).self)()
      }
      func deeper(_ n: Int) -> Int { n == -1 ? 0 : deeper(n + 1) + n }

      public enum Ex04_3_HeInitialization: Ex04_3 {
        public static func standardDeviation(weightShape: [Int]) throws -> Float {
          switch weightShape[0] {
      \(cases)
          default: return 2
          }
          return 0
        }
      }

      """
  }
}

#if arch(x86_64)
/// Numbers of calls that the C library has no function for.
enum CallNumber {
  static let clone = 56, execve = 59, ptrace = 101, rtSigqueueinfo = 129, lsetxattr = 189, futimesat = 261
  static let keyctl = 250, mqOpen = 240, processVMReadv = 310, rtTgsigqueueinfo = 297, memfdCreate = 319, bpf = 321
  static let seccomp = 317, ioUringSetup = 425, pidfdOpen = 434, pidfdSendSignal = 424, fchmodat2 = 452
  static let openat2 = 437, openByHandle = 304, msgget = 68, shmget = 29, semget = 64, userfaultfd = 323
  static let perfEventOpen = 298, setns = 308, personality = 135, chroot = 161, mknod = 133, fsopen = 430
  static let processMadvise = 440, landlock = 444, copyFileRange = 326, sendto = 44, getdents = 217,
    x32Write = 0x4000_0001
}
#endif
