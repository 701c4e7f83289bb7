// How good a model is on samples that it has not seen.

import Datasets
import Foundation
import NeuralNetworks
import Tensors

/// How to read a network's output as the probability of a class.
public enum Confidence: Hashable, Sendable {
  /// The outputs are logits, or logarithms of probabilities: softmax.
  case softmax
  /// The outputs are used as they are: sigmoid units trained with squared errors, or a softmax layer.
  case output
}

/// One sample that a model got wrong.
public struct Mistake: Hashable, Sendable {
  /// The sample's place in its data set.
  public var index: Int
  /// What the model says.
  public var predicted: Int
  /// What it is.
  public var truth: Int
  /// How sure the model was of the wrong class.
  public var probability: Float
}

/// What a model makes of a data set.
public struct Evaluation: Hashable, Sendable {
  /// The mean loss.
  public var loss: Double
  /// The class that the model chose for each sample: the first of the largest outputs.
  public var predictions: [Int]
  /// The class of each sample.
  public var truths: [Int]
  /// How many classes the model ranks before the right one, for each sample: 0 where it is right.
  public var ranks: [Int]
  /// How sure the model was of its choice, for each sample.
  public var confidences: [Float]
  /// The number of classes.
  public var classCount: Int

  /// The number of samples.
  public var count: Int { predictions.count }

  /// The share of samples classified wrongly, 0 … 1.
  public var error: Double { topError(1) }

  /// The share of samples whose class is not among the `k` largest outputs, 0 … 1: the top-k error.
  public func topError(_ k: Int) -> Double {
    count == 0 ? 0 : Double(ranks.count { $0 >= k }) / Double(count)
  }

  /// How often each class (row) was taken for each class (column).
  public var confusion: [[Int]] {
    var matrix = [[Int]](repeating: [Int](repeating: 0, count: classCount), count: classCount)
    for (truth, predicted) in zip(truths, predictions) where predicted < classCount {
      matrix[truth][predicted] += 1
    }
    return matrix
  }

  /// The places of the wrong predictions, those first of which the model was surest.
  public var worstMistakes: [Int] {
    predictions.indices.filter { predictions[$0] != truths[$0] }
      .sorted { (confidences[$1], $0) < (confidences[$0], $1) }
  }

  /// The mistakes of which the model was surest, at most `limit` of them.
  public func mistakes(_ limit: Int) -> [Mistake] {
    worstMistakes.prefix(limit).map {
      Mistake(index: $0, predicted: predictions[$0], truth: truths[$0], probability: confidences[$0])
    }
  }
}

/// Runs a model over a data set in inference mode.
///
/// The model is not changed: statistics stand still, dropout is off.
///
/// - Parameters:
///   - model: ends in C outputs for each sample, or in the values to be learned; then the loss is all that is known.
///   - samples: what to run it on.
///   - loss: what to measure.
///   - batchSize: how many samples at a time; decides memory and speed, not the result (beyond rounding of the mean).
///   - confidence: how to read outputs as probabilities; by default softmax, and for squared errors the outputs as they
///     are.
public func evaluate(
  _ model: some Layer, on samples: some Samples, loss: any Loss, batchSize: Int = 250,
  confidence: Confidence? = nil
) -> Evaluation {
  demand(batchSize > 0, "evaluate: the batch size must be positive, got \(batchSize)")
  // A copy: its parameters are shared with the original, its workspaces are its own and vanish with it.
  var model = model
  let confidence = confidence ?? (loss is MeanSquaredError ? .output : .softmax)
  var batch = Batch()
  var output = Tensor.empty
  var gradient = Tensor.empty
  var pass = Pass(.inference)
  var total = 0.0
  var result = Evaluation(
    loss: 0, predictions: [], truths: [], ranks: [], confidences: [], classCount: samples.classCount)
  result.predictions.reserveCapacity(samples.count)
  let order = Array(0..<samples.count)
  for start in stride(from: 0, to: samples.count, by: batchSize) {
    samples.load(order[start..<min(start + batchSize, samples.count)], into: &batch)
    model.forward(batch.inputs, into: &output, in: &pass)
    total += loss.total(loss.evaluate(output, batch.target, gradient: &gradient), of: batch.count)
    judge(output, batch.labels, confidence, into: &result)
  }
  result.loss = samples.count == 0 ? 0 : total / Double(samples.count)
  return result
}

extension Batch {
  /// What a network should make of the inputs.
  public var target: Target { values.isEmpty ? .classes(labels) : .values(values) }
}

extension Model {
  /// Runs a batch forward, measures the loss, and runs back; see `step(_:_:_:in:)` of NeuralNetworks.
  @discardableResult
  public mutating func step(_ batch: Batch, _ loss: any Loss, in pass: inout Pass) -> Double {
    step(batch.inputs, batch.target, loss, in: &pass)
  }
}

/// Appends what each row of `output`, [N, C], says about its sample.
private func judge(_ output: Tensor, _ labels: [Int], _ confidence: Confidence, into result: inout Evaluation) {
  let width = output.count / max(1, labels.count)
  output.withUnsafeElements { elements in
    for (row, label) in labels.enumerated() {
      let scores = UnsafeBufferPointer(rebasing: elements[row * width..<(row + 1) * width])
      let choice = indexOfLargest(scores)
      let own = scores[label]
      // A NaN is never less or equal, so a model that has diverged ranks last.
      var rank = 0
      for i in 0..<width where i != label && (!(scores[i] <= own) || (scores[i] == own && i < label)) { rank += 1 }
      var probability = scores[choice]
      if confidence == .softmax {
        var sum: Float = 0
        for score in scores { sum += exp(score - scores[choice]) }
        probability = 1 / sum
      }
      result.predictions.append(choice)
      result.truths.append(label)
      result.ranks.append(rank)
      result.confidences.append(probability)
    }
  }
}

/// The place of the first of the largest elements.
func indexOfLargest(_ scores: UnsafeBufferPointer<Float>) -> Int {
  var best = 0
  for i in scores.indices where scores[i] > scores[best] { best = i }
  return best
}

/// The number of rows of `output`, [N, C], whose largest element is not at the label.
///
/// - Parameters:
///   - output: the scores, [N, C].
///   - labels: the right class of each row, N of them.
public func countMistakes(_ output: Tensor, _ labels: [Int]) -> Int {
  let width = output.count / max(1, labels.count)
  return output.withUnsafeElements { elements in
    var wrong = 0
    for row in labels.indices {
      let scores = UnsafeBufferPointer(rebasing: elements[row * width..<(row + 1) * width])
      if indexOfLargest(scores) != labels[row] { wrong += 1 }
    }
    return wrong
  }
}
