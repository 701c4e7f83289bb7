// The cage around untrusted code: bubblewrap's namespaces. Inside are the system's libraries, the files that the
// program needs, and one folder; no parent process, no network, no other answers.

import Basics
import Foundation

/// Runs programs so that they can access only what they are given.
package struct Cage: Sendable {
  /// The program `bwrap`.
  private var program: String

  /// Finds bubblewrap and tries it.
  ///
  /// - Throws: ``CheckerError`` that explains why there is no cage on this system.
  package init() throws {
    #if os(Linux)
    let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin").split(separator: ":").map(
      String.init)
    let candidates =
      [ProcessInfo.processInfo.environment["WORKBOOK_BWRAP"]].compactMap { $0 }
      + folders.map { $0 + "/bwrap" }
    guard let found = candidates.first(where: { FileManager.default.isExecutableFile(atPath: $0) }) else {
      throw CheckerError("bubblewrap is not installed (apt-get install bubblewrap)")
    }
    program = found
    var trial = ChildProcess(wrapped(["/usr/bin/true"], reading: [], hasTools: true))
    trial.seconds = 60
    let report = try trial.supervised()
    guard report.succeeded else {
      throw CheckerError("bubblewrap does not work here: \(report.output.onOneLine)")
    }
    #else
    throw CheckerError("this system has no bubblewrap: grade in a Linux container")
    #endif
  }

  /// Returns the command that runs `command` in the cage.
  ///
  /// - Parameters:
  ///   - reading: files and folders that can be read, under their own paths.
  ///   - writing: folders that can be written.
  ///   - hasTools: whether the system's programs, devices and a temporary folder are available: for compilers.
  func wrapped(
    _ command: [String], reading: [String], writing: [String] = [], hasTools: Bool = false
  ) -> [String] {
    var arguments = [
      program, "--unshare-all", "--die-with-parent", "--cap-drop", "ALL", "--uid", "65534", "--gid", "65534",
      "--hostname", "cage", "--clearenv", "--setenv", "PATH", "/usr/bin:/bin", "--setenv", "HOME", "/nowhere",
      "--setenv", "LC_ALL", "C.UTF-8", "--setenv", "SWIFT_BACKTRACE", "enable=no",
    ]
    for name in hasTools ? ["lib", "lib32", "lib64", "bin", "sbin"] : ["lib", "lib64"] {
      if let target = try? FileManager.default.destinationOfSymbolicLink(atPath: "/" + name) {
        arguments += ["--symlink", target, "/" + name]
      } else {
        arguments += ["--ro-bind-try", "/" + name, "/" + name]
      }
      if !hasTools { arguments += ["--ro-bind-try", "/usr/" + name, "/usr/" + name] }
    }
    if hasTools { arguments += ["--ro-bind", "/usr", "/usr", "--proc", "/proc", "--dev", "/dev", "--tmpfs", "/tmp"] }
    for path in reading { arguments += ["--ro-bind", path, path] }
    for path in writing { arguments += ["--bind", path, path] }
    return arguments + ["--chdir", writing.first ?? "/", "--"] + command
  }
}
