// The training loop as the page shows it: what `Trainer` does, without its observers and its timing.

import Workbook

/// Trains a model on every image once, in this order, by plain gradient descent in batches.
///
/// - Returns: how many images were classified wrongly at the moment when they were used.
func trainOneEpoch(
  _ model: inout Model, on data: Dataset, order: [Int], loss: any Loss, rate: Float, batchSize: Int
) -> Int {
  // snippet: trainingLoop
  var (mistakes, pass) = (0, Pass(.training))
  for start in stride(from: 0, to: order.count, by: batchSize) {
    let batch = data.batch(order[start..<min(start + batchSize, order.count)])
    var (outputs, gradient, ignored) = (Tensor.empty, Tensor.empty, Tensor.empty)
    model.forward(batch.inputs, into: &outputs, in: &pass)
    // The loss, and its gradient at the ten outputs.
    _ = loss.evaluate(outputs, .classes(batch.labels), gradient: &gradient)
    // Back through all layers: this leaves ∂L/∂w beside every weight.
    model.backward(gradient, input: batch.inputs, output: outputs, into: &ignored)
    model.visitParameters { _, parameter in
      let slopes = parameter.gradient.elements
      parameter.value.withUnsafeMutableElements { weights in
        for i in 0..<weights.count { weights[i] -= rate * slopes[i] }
      }
    }
    mistakes += countMistakes(outputs, batch.labels)
  }
  // snippet.end
  return mistakes
}
