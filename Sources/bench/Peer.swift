// Another process that measures on request: PyTorch, or a second process of this program with its own peak memory.

import Basics
import Foundation
import Tensors

/// A process that answers every line with a line.
///
/// It keeps running between measurements, because loading PyTorch takes seconds. It ends when this program ends,
/// because its standard input is then closed.
final class Peer {
  /// The version of PyTorch, for a peer in Python.
  private(set) var version = ""
  private let process: StayingProcess
  private let input: FileHandle
  private let output: FileHandle
  private var received = Data()

  /// Starts a program that first prints `ready` and its version; returns nil if it does not.
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

  /// Starts a script of Tests/Peers with the same number of threads as this program; nil if PyTorch is not installed.
  static func pytorch(_ script: String) -> Peer? {
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    let path = root.appendingPathComponent("Tests/Peers/" + script).path
    return Peer(["python3", path, "\(Parallel.threadCount)"])
  }

  /// Starts a second process of this program, to run networks.
  static func here() -> Peer? {
    guard let program = Bundle.main.executablePath else { return nil }
    return Peer([program, "--serve", "--threads", "\(Parallel.threadCount)"])
  }

  /// Sends a question, and returns the numbers in the answer.
  ///
  /// - Throws: ``BenchmarkError`` if the process has ended or its answer has no numbers.
  func ask(_ question: String) throws -> [Double] {
    try? input.write(contentsOf: Data((question + "\n").utf8))
    guard let answer = line() else { throw BenchmarkError(description: "'\(question)': the process has ended") }
    let numbers = answer.split(separator: " ").compactMap { Double($0) }
    guard !numbers.isEmpty else {
      throw BenchmarkError(description: "'\(question)': numbers expected, got '\(answer)'")
    }
    return numbers
  }

  /// Ends the process, which needs no cleanup.
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

/// The error of a failed measurement.
struct BenchmarkError: Error, CustomStringConvertible {
  var description: String
}
