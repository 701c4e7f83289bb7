// A choice that has seen the test set, and what it hides.

import Foundation
import Workbook

/// The errors in per cent of a classifier that has nothing to learn: its labels are coins.
struct ChoiceRun: Codable, Sendable {
  /// Features chosen on the training set; the error on the test set.
  var honest: Double
  /// Features chosen on training and test set together; the error on the test set, and on samples never looked at.
  var leaked: Double
  var unseen: Double
}

/// Random samples with random labels, −1 or 1: there is nothing to learn.
struct Coins: Sendable {
  var features: Int
  var inputs: [Float]
  var labels: [Float]

  init(count: Int, features: Int, seed: UInt64) {
    var generator = SeededGenerator(seed: seed, stream: 0xC0)
    var x = Tensor(zeros: [count, features])
    x.fillNormal(standardDeviation: 1, using: &generator)
    (self.features, inputs) = (features, x.elements)
    labels = (0..<count).map { _ in Float(2 * generator.nextInt(below: 2) - 1) }
  }

  /// The error in per cent on the samples `tested` of a classifier that adds up the
  /// features that agree best with the labels of the samples `seen`.
  func error(
    trainedOn train: Range<Int>, choosing chosen: Int, by seen: Range<Int>,
    testedOn tested: Range<Int>
  ) -> Double {
    func agreement(_ feature: Int, _ samples: Range<Int>) -> Float {
      samples.reduce(0) { $0 + labels[$1] * inputs[$1 * features + feature] }
    }
    let all = (0..<features).map { (feature: $0, size: abs(agreement($0, seen))) }
    let best = all.sorted { $0.size > $1.size }.prefix(chosen).map(\.feature)
    // The weights are learned from the training samples alone, in either case.
    let weights = best.map { agreement($0, train) }
    let wrong = tested.count { n in
      let sum = zip(best, weights).reduce(Float(0)) {
        $0 + $1.1 * inputs[n * features + $1.0]
      }
      return sum * labels[n] <= 0
    }
    return 100 * Double(wrong) / Double(tested.count)
  }
}

/// Chooses features on the training set, and on training and test set together.
///
/// - Parameters:
///   - count: the samples of each set: training, test, unseen.
///   - features: how many there are to choose from, `chosen` of them.
func chooseFeatures(count: Int, features: Int, chosen: Int, seed: UInt64) -> ChoiceRun {
  let coins = Coins(count: 3 * count, features: features, seed: seed)
  let (train, both) = (0..<count, 0..<2 * count)
  func error(by seen: Range<Int>, testedOn tested: Range<Int>) -> Double {
    coins.error(trainedOn: train, choosing: chosen, by: seen, testedOn: tested)
  }
  return ChoiceRun(
    honest: error(by: train, testedOn: count..<2 * count), leaked: error(by: both, testedOn: count..<2 * count),
    unseen: error(by: both, testedOn: 2 * count..<3 * count))
}
