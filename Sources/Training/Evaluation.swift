// How well a model does on data it does not learn from.

import Datasets
import Foundation
import NeuralNetworks
import Tensors

/// What a model says about every sample of a set.
public struct Evaluation: Sendable {
  /// The mean loss.
  public var loss: Double
  /// The predicted class of each sample.
  public var predictions: [Int]
  /// The true class of each sample.
  public var truths: [Int]
  /// The softmax probability that the model gives to its own prediction; the plain output where outputs are no logits.
  public var confidences: [Float]
  /// The place of the true class in the order of the outputs: 0 is the largest.
  public var ranks: [Int]
  /// The number of classes.
  public var classCount: Int

  /// The share of samples whose true class is not among the `k` largest outputs, in 0 … 1.
  public func topError(_ k: Int) -> Double { Double(ranks.count { $0 >= k }) / Double(max(1, ranks.count)) }

  /// The share of wrong predictions, in 0 … 1.
  public var error: Double { topError(1) }

  /// How often a sample of class `row` was taken for class `column`.
  public var confusion: [[Int]] {
    var counts = Array(repeating: Array(repeating: 0, count: classCount), count: classCount)
    for (truth, prediction) in zip(truths, predictions) { counts[truth][prediction] += 1 }
    return counts
  }

  /// The wrong predictions, the most confident first.
  public var worstMistakes: [Int] {
    predictions.indices.filter { predictions[$0] != truths[$0] }
      .sorted { (confidences[$0], $1) > (confidences[$1], $0) }
  }
}

/// Runs `model` in inference mode over a whole set.
///
/// - Parameters:
///   - model: a copy is run; the caller's keeps its state.
///   - data: the set.
///   - loss: the measure whose mean is reported.
///   - batchSize: samples at once; changes memory and speed, not the result.
public func evaluate(
  _ model: Model, on data: Dataset, loss: any Loss, batchSize: Int = 250
) -> Evaluation {
  var model = model
  var result = Evaluation(
    loss: 0, predictions: [], truths: [], confidences: [], ranks: [], classCount: data.classCount)
  var (batch, output, unused) = (Batch(), Tensor.empty, Tensor.empty)
  var pass = Pass(.inference)
  let indices = Array(0..<data.count)
  for first in stride(from: 0, to: data.count, by: batchSize) {
    data.load(indices[first..<min(first + batchSize, data.count)], into: &batch)
    model.forward(batch.inputs, into: &output, in: &pass)
    result.loss += loss.evaluate(output, .classes(batch.labels), gradient: &unused) * Double(batch.count)
    let width = output.count / batch.count
    for (n, truth) in batch.labels.enumerated() {
      let row = output.elements[n * width..<(n + 1) * width]
      let largest = row.max() ?? 0
      let prediction = (row.firstIndex(of: largest) ?? row.startIndex) - row.startIndex
      let wanted = row[row.startIndex + truth]
      let sum = row.reduce(Float(0)) { $0 + exp($1 - largest) }
      result.predictions.append(prediction)
      result.truths.append(truth)
      result.confidences.append(loss is SoftmaxCrossEntropy ? 1 / sum : largest)
      // Of equal outputs the first wins, in the prediction and here.
      let before = row.enumerated().count { $1 > wanted || ($1 == wanted && $0 < truth) }
      // A NaN is larger than nothing: such an answer is wrong.
      result.ranks.append(wanted.isNaN ? width : before)
    }
  }
  result.loss /= Double(max(1, data.count))
  return result
}
