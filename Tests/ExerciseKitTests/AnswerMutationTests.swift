// What comes from an answer or stands in a learner's folder, changed at random: it stops nobody.

import Foundation
import Fuzzing
import Tensors
import Testing

@testable import ExerciseCatalogue
@testable import ExerciseKit

@Suite struct AnswerMutationTests {
  static let network = Wire.list([
    .text("Sequential"),
    .list([.text("Conv2D"), .integers([1, 2, 1, 3, 3, 1, 1, 0, 0, 0, 0, 1, 1, 1]), .list([]), .list([])]),
    .list([.text("Flatten")]),
    .list([.text("Dense"), .integers([8, 2, 1]), .tensor(shape: [2, 8], .init(repeating: 1, count: 16))]),
  ])
  static let otherNetwork = Wire.list([
    .text("Sequential"), .list([.text("MaxPool"), .integers([2, 2, 2, 2, 0, 0, 0, 0])]),
    .list([.text("AveragePool"), .integers([2, 2, 1, 1, 0, 0, 0, 0, 1])]), .list([.text("BatchNorm"), .integers([1])]),
    .list([.text("LeakyReLU"), .float(0.1)]), .list([.text("Dropout"), .float(0.5)]),
  ])

  @Test("Messages never stop the judge, and neither do the networks they describe")
  func messages() {
    let networks = [Wire](repeating: Self.network, count: 6) + [Wire](repeating: Self.otherNetwork, count: 4)
    let fuzz = Fuzz(
      "messages of answers", seeds: (WireTests.values + networks).map { Message(.result, $0).bytes },
      words: ["Dense", "Conv2D", "BatchNorm", "Dropout", "Sequential"],
      bytes: (0...9).map { [$0] } + [[127], [128], [255], [255, 255, 255, 127], [0, 0, 0, 0, 0, 0, 0, 64]]
        + [[255, 255, 255, 255, 255, 255, 255, 127]], mend: withRightLength)
    var (understood, built) = (0, 0)
    let count = fuzz.run(usually: 20_000) { bytes in
      guard case .message(let message, _) = Message.beginning(of: bytes) else { return }
      understood += 1
      _ = Tensor(wire: message.wire)
      _ = [[Float]](wire: message.wire)
      guard let found = try? Sequential(described: message.wire) else { return }
      built += 1
      if let shape = try? found.outputShape(for: [1, 4, 4]) { #expect(shape.count >= 0) }
    }
    #expect(understood > count.runs / 20, "the mutations leave hardly a message: \(understood)")
    #expect(built > count.runs / 100, "the mutations leave hardly a network: \(built)")
  }

  @Test("A network whose images grow beyond all numbers is refused before they are counted")
  func growing() {
    let borders = [any Layer](repeating: Conv2D(1, 1, kernel: 1, padding: 4095), count: 900)
    let network = Sequential(borders + [Conv2D(1, 1 << 19, kernel: 1), Flatten()])
    #expect { try network.demandFit(for: [1, 4, 4]) } throws: { "\($0)".contains("far more than is asked for") }
    // Such a chain is not even built from a description.
    let layer = Wire.list([.text("ReLU")])
    #expect(throws: NetworkError.self) {
      try Sequential(described: .list([.text("Sequential")] + .init(repeating: layer, count: 900)))
    }
  }

  /// A message whose length is that of what follows.
  private func withRightLength(_ bytes: [UInt8]) -> [UInt8] {
    guard bytes.count >= Message.headerSize else { return bytes }
    var bytes = bytes
    let length = bytes.count - Message.headerSize
    for i in 0..<4 { bytes[3 + i] = UInt8(truncatingIfNeeded: length >> (8 * i)) }
    return bytes
  }

  /// An object file of the format ELF with three sections, of which the last is called `last`.
  static func object(_ last: String, kind: UInt8 = 1) -> [UInt8] {
    func number(_ value: Int, _ size: Int) -> [UInt8] {
      (0..<size).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
    }
    func section(_ name: Int, _ kind: UInt8, _ place: Int, _ size: Int) -> [UInt8] {
      number(name, 4) + [kind, 0, 0, 0] + number(0, 16) + number(place, 8) + number(size, 8) + number(0, 24)
    }
    let names = Array("\0.shstrtab\0\(last)\0".utf8), table = 64 + names.count
    let head = [0x7F, 0x45, 0x4C, 0x46, 2, 1, 1] + number(0, 33) + number(table, 8) + number(0, 10)
    return head + number(64, 2) + number(3, 2) + number(1, 2) + names + section(0, 0, 0, 0)
      + section(1, 3, 64, names.count) + section(11, kind, 64, 8)
  }

  @Test("Object files are read whatever stands in them, and a section that runs code is found")
  func objects() {
    #expect(ObjectFile.objection(to: Data(Self.object(".text"))) == nil)
    #expect(ObjectFile.objection(to: Data(Self.object(".text", kind: 14)))?.contains("run code") == true)
    #expect(ObjectFile.objection(to: Data(Self.object(".linker-options")))?.contains("linker") == true)
    let fuzz = Fuzz(
      "object files", seeds: [Self.object(".text"), Self.object(".init_array", kind: 14)],
      bytes: [
        [0], [255], [127], [64], [255, 255], [255, 255, 255, 255, 255, 255, 255, 127], .init(repeating: 0, count: 8),
      ])
    var refused = 0
    let count = fuzz.run(usually: 20_000) { if ObjectFile.objection(to: Data($0)) != nil { refused += 1 } }
    #expect(refused > count.runs / 4, "hardly a change was noticed: \(refused)")
  }

  @Test("A learner's progress is read or refused, and can be noted on")
  func progress() throws {
    let file = try FuzzFile("exercises.json")
    let right = #"""
      {"exercises":{"4.3":{"attempts":2,"hints":1,"lastDigest":"ab","lastFinding":"x","passed":0.5,"passedDigest":"ab",
      "sawSolution":false}}}
      """#
    let fuzz = Fuzz(
      "progress", seeds: [Array(right.utf8)], words: Fuzz.json + ["attempts", "passed", "4.3", "hints"])
    let id: ExerciseID = "4.3"
    let count = fuzz.run(usually: 5000) { bytes in
      try file.write(bytes)
      var progress = try LearnerProgress(from: URL(fileURLWithPath: file.folder))
      progress.note(Review(judgments: [.passed]), of: id, digest: "cd", at: Date())
    }
    #expect(count.refused > count.runs / 4, "hardly a change was noticed: \(count.refused)")
  }
}
