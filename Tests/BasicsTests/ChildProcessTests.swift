// Other programs: fed, read within bounds, stopped in time, gone with all they started.

import Foundation
import Testing

@testable import Basics

@Suite struct ChildProcessTests {
  private func shell(_ script: String) -> ChildProcess { ChildProcess(["sh", "-c", script]) }

  @Test("says how it ended and what it wrote")
  func endings() throws {
    let report = try shell("echo one; echo two >&2; exit 3").run()
    #expect(report.ending == .exited(3) && !report.succeeded)
    #expect(report.output == "one\ntwo\n")
    #expect(try shell("kill -9 $$").run().ending == .signalled(9))
    var quiet = shell("echo one; echo two >&2")
    quiet.errors = .nowhere
    #expect(try quiet.run().output == "one\n")
  }

  @Test("a program that is not there is an error with the system's number")
  func missing() {
    #expect(throws: ProcessError(program: "/no/such/program", code: ENOENT)) {
      try ChildProcess(["/no/such/program"]).run()
    }
  }

  @Test("input is empty unless it is fed, and a program that does not read it does no harm")
  func input() throws {
    #expect(try ChildProcess(["cat"]).run().output.isEmpty)
    var cat = ChildProcess(["cat"])
    cat.feed = { descriptor in
      _ = Array("hello".utf8).withUnsafeBytes { writeAll($0, to: descriptor) }
      close(descriptor)
    }
    #expect(try cat.run().output == "hello")
    var deaf = shell("exit 0")
    deaf.feed = { close($0) }
    #expect(try deaf.run().succeeded)
  }

  @Test("output beyond the limit is read and forgotten")
  func flood() throws {
    var process = shell("head -c 3000000 /dev/zero; exit 5")
    process.outputLimit = 1000
    let report = try process.run()
    #expect(report.bytes.count == 1000 && report.ending == .exited(5))
  }

  @Test("time is limited as a whole, and nothing that the program started outlives it")
  func time() throws {
    let mark = NSTemporaryDirectory() + "basics-\(UUID().uuidString)"
    defer { try? FileManager.default.removeItem(atPath: mark) }
    var process = shell("(sleep 1; touch '\(mark)') & while :; do echo drip; sleep 0.05; done")
    process.seconds = 0.3
    process.leadsGroup = true
    let start = Date()
    #expect(try process.run().ending == .ranOutOfTime)
    #expect(Date().timeIntervalSince(start) < 30)
    Thread.sleep(forTimeInterval: 1.5)
    #expect(!FileManager.default.fileExists(atPath: mark))
  }

  @Test("what others take of a busy machine is left out of the time where that is wanted, within bounds")
  func busyMachine() throws {
    var process = ChildProcess(["sleep", "60"])
    process.seconds = 2
    #expect(process.isOverdue(after: 3) { 2 })
    process.leavesOutWaiting = true
    #expect(!process.isOverdue(after: 1) { 0 })
    #expect(!process.isOverdue(after: 3) { 2 })
    #expect(process.isOverdue(after: 3) { 0.5 })
    #expect(process.isOverdue(after: 21) { 20.5 })
    process.seconds = 0.2
    #expect(try process.run().ending == .ranOutOfTime)
  }

  @Test("every line on descriptor 3 begins the wait anew; silence ends it")
  func silence() throws {
    var process = shell("for i in 1 2 3 4; do sleep 0.3; echo $i >&3; done; sleep 100")
    process.secondsPerLine = 1
    process.leadsGroup = true
    var lines: [String] = []
    #expect(try process.run { lines.append($0) }.ending == .ranOutOfTime)
    #expect(lines == ["1", "2", "3", "4"])
  }

  @Test("a program that has ended is not waited for because of what it leaves running")
  func leftBehind() throws {
    let start = Date()
    let report = try shell("sleep 60 & echo $!").run()
    #expect(report.succeeded && Date().timeIntervalSince(start) < 30)
    if let left = Int32(report.output.split(separator: "\n").first ?? "") { kill(left, SIGKILL) }
    var group = shell("sleep 60 & echo $!")
    group.leadsGroup = true
    let left = try #require(Int32(group.run().output.split(separator: "\n").first ?? ""))
    // It is gone, or a zombie that nobody has buried yet; a signal takes its time on a busy machine.
    func isGone() -> Bool {
      let state = try? String(contentsOfFile: "/proc/\(left)/stat", encoding: .utf8)
      return kill(left, 0) != 0 || state?.contains(") Z") == true
    }
    for _ in 0..<500 where !isGone() { usleep(20_000) }
    #expect(isGone())
  }

  @Test("a program that stays takes input until it is closed or too slow")
  func staying() throws {
    let cat = try StayingProcess(["cat"])
    #expect(cat.within(10) { Array("x".utf8).withUnsafeBytes { writeAll($0, to: cat.input) } })
    close(cat.input)
    cat.finish(within: 5)
    let sleeper = try StayingProcess(["sleep", "60"])
    #expect(
      !sleeper.within(0.2) {
        Thread.sleep(forTimeInterval: 0.6)
        return true
      })
    close(sleeper.input)
    sleeper.finish(within: 1)
  }

  @Test("lines are put together from pieces")
  func lines() {
    var reader = LineReader()
    #expect(reader.add(Data("on".utf8)).isEmpty)
    #expect(reader.add(Data("e\ntwo\nthr".utf8)) == ["one", "two"])
    #expect(reader.add(Data("ee\n\n".utf8)) == ["three", ""])
  }
}
