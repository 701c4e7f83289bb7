// Evaluation: loss, errors and predictions of a model on a data set.

import Datasets
import Foundation
import NeuralNetworks
import Tensors

/// How to convert a network's outputs to class probabilities.
public enum Confidence: Hashable, Sendable {
  /// By softmax: the outputs are logits or log-probabilities.
  case softmax
  /// The outputs are used unchanged: sigmoid units trained with squared errors, or a softmax layer.
  case output
}

/// A sample that a model misclassified.
public struct Mistake: Hashable, Sendable {
  /// The sample's index in its data set.
  public var index: Int
  /// The predicted class.
  public var predicted: Int
  /// The true class.
  public var truth: Int
  /// The probability that the model assigned to the predicted class.
  public var probability: Float
}

/// The results of a model on a data set.
public struct Evaluation: Hashable, Sendable {
  /// The mean loss.
  public var loss: Double
  /// The predicted class of each sample: the first of the largest outputs.
  public var predictions: [Int]
  /// The true class of each sample.
  public var truths: [Int]
  /// For each sample, the number of classes that the model ranks before the true one: 0 for a correct prediction.
  public var ranks: [Int]
  /// The probability of the predicted class, for each sample.
  public var confidences: [Float]
  /// The number of classes.
  public var classCount: Int

  /// The number of samples.
  public var count: Int { predictions.count }

  /// The share of misclassified samples, 0 … 1.
  public var error: Double { topError(1) }

  /// The top-k error: the share of samples whose class is not among the `k` largest outputs, 0 … 1.
  public func topError(_ k: Int) -> Double {
    count == 0 ? 0 : Double(ranks.count { $0 >= k }) / Double(count)
  }

  /// The confusion matrix: how often each true class (row) was predicted as each class (column).
  public var confusion: [[Int]] {
    var matrix = [[Int]](repeating: [Int](repeating: 0, count: classCount), count: classCount)
    for (truth, predicted) in zip(truths, predictions) where predicted < classCount {
      matrix[truth][predicted] += 1
    }
    return matrix
  }

  /// The indices of the wrong predictions, the most confident first.
  public var worstMistakes: [Int] {
    predictions.indices.filter { predictions[$0] != truths[$0] }
      .sorted { (confidences[$1], $0) < (confidences[$0], $1) }
  }

  /// The most confident mistakes, at most `limit` of them.
  public func mistakes(_ limit: Int) -> [Mistake] {
    worstMistakes.prefix(limit).map {
      Mistake(index: $0, predicted: predictions[$0], truth: truths[$0], probability: confidences[$0])
    }
  }
}

/// Runs a model over a data set in inference mode.
///
/// The model is not changed: running statistics stay constant, and dropout is off.
///
/// - Parameters:
///   - model: a model with C outputs for each sample; in regression, only the loss is computed.
///   - samples: the data set.
///   - loss: the loss function.
///   - batchSize: the number of samples in a batch; affects memory and speed, not the result (except for rounding).
///   - confidence: how to convert outputs to probabilities; by default softmax, or unchanged outputs for squared
///     errors.
public func evaluate(
  _ model: some Layer, on samples: some Samples, loss: any Loss, batchSize: Int = 250,
  confidence: Confidence? = nil
) -> Evaluation {
  demand(batchSize > 0, "evaluate: the batch size must be positive, got \(batchSize)")
  // The copy shares its parameters with the original, but has its own workspaces, which are freed with it.
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
  /// The desired outputs for these inputs.
  public var target: Target { values.isEmpty ? .classes(labels) : .values(values) }
}

extension Model {
  /// Runs the forward pass, computes the loss, and runs the backward pass; see `step(_:_:_:in:)` of NeuralNetworks.
  @discardableResult
  public mutating func step(_ batch: Batch, _ loss: any Loss, in pass: inout Pass) -> Double {
    step(batch.inputs, batch.target, loss, in: &pass)
  }
}

/// Appends the results for each row of `output`, [N, C].
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

/// The index of the largest element; the first if several are equal.
func indexOfLargest(_ scores: UnsafeBufferPointer<Float>) -> Int {
  var best = 0
  for i in scores.indices where scores[i] > scores[best] { best = i }
  return best
}

/// The number of rows of `output`, [N, C], whose largest element is not that of the label.
///
/// - Parameters:
///   - output: the scores, [N, C].
///   - labels: the N true classes, one for each row.
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
