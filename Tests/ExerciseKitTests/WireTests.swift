// Tests of what goes between the judge and an answer: it comes back as it went, and hostile bytes do no harm.

import ExerciseCatalogue
import Foundation
import Testing

@testable import ExerciseKit

@Suite struct WireTests {
  static let values: [Wire] = [
    .flag(true), .integer(-5), .integer(.max), .number(.pi), .float(.infinity), .text("für"), .integers([]),
    .integers([1, -2, 3]), .numbers([0.5, -0.0]), .floats([1, 2]), .tensor(shape: [2, 3], [1, 2, 3, 4, 5, 6]),
    .tensor(shape: [], [7]), .tensor(shape: [0, 5], []), .list([.list([.floats([1])]), .integer(2)]),
  ]

  @Test("A value comes back as it went", arguments: WireTests.values.indices)
  func roundTrip(_ index: Int) {
    let value = Self.values[index]
    let message = Message(.result, index: 3, value)
    #expect(Message.beginning(of: message.bytes) == .message(message, size: message.bytes.count))
    #expect(Message.beginning(of: message.bytes + [1, 2]) == .message(message, size: message.bytes.count))
    for count in 0..<message.bytes.count {
      #expect(Message.beginning(of: Array(message.bytes.prefix(count))) == .incomplete)
    }
  }

  @Test("Not a number stays not a number")
  func notANumber() {
    var bytes: [UInt8] = []
    Wire.floats([.nan]).write(to: &bytes)
    guard case .floats(let values)? = Wire(bytes) else {
      Issue.record("expected numbers")
      return
    }
    #expect(values.count == 1 && values[0].isNaN)
  }

  static let broken: [[UInt8]] = {
    let all = [UInt8](repeating: 255, count: 16), huge: [UInt8] = [0, 0, 0, 0, 0, 0, 0, 64]
    // A negative extent, and extents whose product is beyond all numbers.
    let negative: [UInt8] = [8, 1, 0, 0, 0] + all.prefix(8), beyond: [UInt8] = [8, 2, 0, 0, 0] + huge + huge
    let lists: [[UInt8]] = [[5, 255, 255, 255, 255], [6, 255, 255, 255, 127, 0], [9, 255, 255, 255, 255]]
    let others: [[UInt8]] = [[4, 9, 0, 0, 0, 65], [8, 200, 0, 0, 0], [0, 2], [77], []]
    return lists + others + [negative, beyond, [8, 2, 0, 0, 0] + all]
  }()

  @Test("Lengths that cannot be are refused before anything is reserved", arguments: WireTests.broken)
  func lengths(_ bytes: [UInt8]) { #expect(Wire(bytes) == nil) }

  @Test("A list within a list within a list comes to an end")
  func depth() {
    let bytes = [UInt8]((0..<5000).flatMap { _ in [9, 1, 0, 0, 0] as [UInt8] })
    #expect(Wire(bytes) == nil)
  }

  @Test(
    "A network out of all reason is refused",
    arguments: [
      Wire.list([.text("Dense"), .integers([1 << 19, 1 << 19, 1])]),
      .list([.text("Dense"), .integers([.max, .min, 1])]), .list([.text("Dense"), .integers([])]),
      .list([.text("Conv2D"), .integers([1, 1, 1, 1 << 18, 1 << 18, 1, 1, 0, 0, 0, 0, 1, 1, 1])]),
      .list([.text("MaxPool"), .integers([2, 2, 2, 2, 1 << 19, 0, 0, 0])]), .list([.text("Mine")]), .float(1),
      .list([.text("Dropout"), .float(.nan)]), .list([.text("BatchNorm"), .integers([-1])]),
    ])
  func unreasonable(_ layer: Wire) {
    #expect(throws: NetworkError.self) { try Sequential(described: .list([.text("Sequential"), layer])) }
  }

  @Test(
    "Of many layers none may be large",
    arguments: [
      Wire.list([.text("BatchNorm"), .integers([1 << 19])]), .list([.text("Dense"), .integers([0, 1 << 19, 1])]),
    ])
  func many(_ layer: Wire) throws {
    _ = try Sequential(described: .list([.text("Sequential"), layer]))
    #expect(throws: NetworkError.self) {
      try Sequential(described: .list([.text("Sequential")] + [Wire](repeating: layer, count: 99)))
    }
  }

  @Test("A network that would keep its judge at work for hours is refused")
  func endless() throws {
    enum Hours: Ex10_1 {
      static func network(classes: Int) -> Sequential {
        Sequential([
          Conv2D(1, 1, kernel: 1, padding: 400), MaxPool(801, stride: 1, padding: 400), MaxPool(801, stride: 1),
        ])
      }
    }
    let response = try #require(Catalogue.ex10_1.response(of: Hours.self, inCase: 2))
    guard case .threw(let words) = response else {
      Issue.record("expected a refusal")
      return
    }
    #expect(words.contains("far more than is asked for"))
  }

  @Test("Numbers that are drawn change places where they alone decide a result")
  func places() {
    let errors = Wire.floats((1...20).map { Float($0) })
    for (id, changes) in [("7.2", true), ("1.4", false)] as [(ExerciseID, Bool)] {
      guard case .floats(let drawn)? = Variation(of: id, seed: 1).vary([errors, .integer(2)]).first else {
        Issue.record("expected numbers")
        return
      }
      // Each is smaller by a factor of its own: neighbors that are far apart stay in order.
      let isOrdered = zip(drawn, drawn.dropFirst(10)).allSatisfy { $0 < $1 }
      #expect(isOrdered == !changes)
    }
  }
}
