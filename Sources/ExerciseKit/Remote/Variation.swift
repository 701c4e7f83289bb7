// Unpublished numbers: the published calls with other arguments, drawn after the answer was submitted.

import Synchronization

/// A draw of arguments: the same seed changes the same calls in the same way, whichever answer is called.
///
/// Real numbers shrink independently by up to 15 percent: zeros, signs and bounds stay. Integers grow only if the
/// function is defined for all of them.
final class Variation: Sendable {
  /// The indices of the arguments, integers or arrays of them, that may grow.
  private static let growing: [ExerciseID: Set<Int>] = [
    "4.1": [0], "4.3": [0], "5.5": [0], "9.1": [0, 1, 2, 3], "9.7": [0, 1], "10.1": [0], "11.2": [0, 1],
    "11.3": [2, 3], "11.4": [0], "11.5": [0],
  ]

  /// Exercises whose results hardly change when numbers shrink: their numbers are shuffled as well.
  private static let shuffled: Set<ExerciseID> = ["2.5", "7.2", "7.4", "8.4"]

  private let grows: Set<Int>
  private let shuffles: Bool
  private let generator: Mutex<SeededGenerator>

  init(of exercise: ExerciseID, seed: UInt64) {
    grows = Self.growing[exercise] ?? []
    shuffles = Self.shuffled.contains(exercise)
    generator = Mutex(SeededGenerator(seed: seed, stream: 0xF1E5))
  }

  /// Returns the varied arguments of the next call.
  func vary(_ arguments: [Wire]) -> [Wire] {
    generator.withLock { generator in
      let isReal = arguments.contains { $0.isReal }
      return arguments.enumerated().map { index, wire in
        if isReal {
          let wire = wire.shrunk { 1 - 0.15 * Double(generator.nextUniform()) }
          return shuffles ? wire.shuffled { generator.permutation(of: $0) } : wire
        }
        switch wire {
        case .integer(let number) where grows.contains(index) && number > 0:
          return .integer(number + generator.nextInt(below: 3))
        case .integers(let numbers) where grows.contains(index) && numbers.allSatisfy { $0 > 0 }:
          return .integers(numbers.map { $0 + generator.nextInt(below: 3) })
        case .integers where shuffles: return wire.shuffled { generator.permutation(of: $0) }
        default: return wire
        }
      }
    }
  }
}

extension Wire {
  /// Whether it contains real numbers.
  fileprivate var isReal: Bool {
    switch self {
    case .number, .float, .numbers, .floats, .tensor: true
    case .list(let items): items.contains { $0.isReal }
    default: false
    }
  }

  /// The numbers of an array or a tensor in another order.
  fileprivate func shuffled(_ order: (Int) -> [Int]) -> Wire {
    switch self {
    case .integers(let values): .integers(order(values.count).map { values[$0] })
    case .floats(let values): .floats(order(values.count).map { values[$0] })
    case .tensor(let shape, let values): .tensor(shape: shape, order(values.count).map { values[$0] })
    default: self
    }
  }

  /// Each real number multiplied by its own factor.
  fileprivate func shrunk(_ factor: () -> Double) -> Wire {
    switch self {
    case .number(let value): .number(value * factor())
    case .float(let value): .float(Float(Double(value) * factor()))
    case .numbers(let values): .numbers(values.map { $0 * factor() })
    case .floats(let values): .floats(values.map { Float(Double($0) * factor()) })
    case .tensor(let shape, let values): .tensor(shape: shape, values.map { Float(Double($0) * factor()) })
    case .list(let items): .list(items.map { $0.shrunk(factor) })
    default: self
    }
  }
}
