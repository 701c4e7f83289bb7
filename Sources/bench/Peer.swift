// Another process that measures when it is asked to: PyTorch, or this program once more for its own peak of memory.

import Basics
import Foundation
import Tensors

/// A process that answers every line with a line.
///
/// It stays alive between the turns of two competitors: loading PyTorch takes seconds, and no one wants to wait for that
/// in each turn. It ends when this program does, since its standard input ends then.
final class Peer {
  /// The version of PyTorch, of a peer in Python.
  private(set) var version = ""
  private let process: StayingProcess
  private let input: FileHandle
  private let output: FileHandle
  private var received = Data()

  /// Starts a program that says `ready` and its version first; nil where it does not.
  private init?(_ command: [String]) {
    guard let process = try? StayingProcess(command, keepsOutput: true), let output = process.output else { return nil }
    self.process = process
    input = FileHandle(fileDescriptor: process.input)
    self.output = FileHandle(fileDescriptor: output)
    guard let words = line()?.split(separator: " "), words.first == "ready" else {
      end()
      return nil
    }
    version = words.dropFirst().joined(separator: " ")
  }

  /// Starts a script of Tests/Peers on as many threads as this program has; nil where PyTorch is not installed.
  static func pytorch(_ script: String) -> Peer? {
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    let path = root.appendingPathComponent("Tests/Peers/" + script).path
    return Peer(["python3", path, "\(Parallel.threadCount)"])
  }

  /// Starts this program once more, to run networks.
  static func here() -> Peer? {
    guard let program = Bundle.main.executablePath else { return nil }
    return Peer([program, "--serve", "--threads", "\(Parallel.threadCount)"])
  }

  /// Asks, and returns the numbers of the answer.
  ///
  /// - Throws: ``BenchmarkError`` where the process has ended or answers otherwise.
  func ask(_ question: String) throws -> [Double] {
    try? input.write(contentsOf: Data((question + "\n").utf8))
    guard let answer = line() else { throw BenchmarkError(description: "'\(question)': the process has ended") }
    let numbers = answer.split(separator: " ").compactMap { Double($0) }
    guard !numbers.isEmpty else {
      throw BenchmarkError(description: "'\(question)': numbers expected, got '\(answer)'")
    }
    return numbers
  }

  /// Ends the process, which has nothing to leave in order.
  func end() {
    try? input.close()
    try? output.close()
    process.finish(within: 2)
  }

  private func line() -> String? {
    while true {
      if let end = received.firstIndex(of: UInt8(ascii: "\n")) {
        defer { received = Data(received[(end + 1)...]) }
        return String(decoding: received[..<end], as: UTF8.self)
      }
      let more = output.availableData
      if more.isEmpty { return nil }
      received += more
    }
  }
}

/// What went wrong with a measurement.
struct BenchmarkError: Error, CustomStringConvertible {
  var description: String
}
